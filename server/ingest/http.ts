import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type DescribeRouteOptions, describeRoute } from 'hono-openapi';
import { hasSharedKey, serviceKeyOf } from '../accounts/middleware.ts';
import { demandLayer } from '../accounts/service_keys.ts';
import { described } from '../described.ts';
import type { Parts } from '../parts.ts';
import { isArea } from '../registry/areas.ts';
import type { Layer } from '../registry/layer.ts';
import { Problem } from '../registry/problem.ts';
import { viewerOf } from '../registry/viewer.ts';
import { agencyOf } from './agency_of.ts';
import { type Entry, readBody } from './body.ts';
import { checkMapping, type DeviceMapping, mappingOf, protocols, storeMapping } from './device_mapping.ts';
import { noteMessage, outcomeOf } from './door_meter.ts';
import { isKeyless } from './key.ts';
import { type Receipt, receive } from './receive.ts';
import { traccarEntry, traccarLayer } from './traccar.ts';

const maxBytes = 10_000_000;
const notStored = { 'Cache-Control': 'no-store' };

const limit = bodyLimit({
  maxSize: maxBytes,
  onError() {
    throw new Problem('too_large', 'A body has at most 10 MB: send the observations in several.');
  },
});

/**
 * `POST /api/ingest/{layer}`: observations of things that are there, matched by `code`. Answers 200 with a receipt also
 * when all of them were rejected: the message was understood, and which records to repair stands in it.
 * `POST /api/ingest/traccar` takes what Traccar forwards; `PUT /api/ingest/devices/{protocol}/{device}` says what a
 * device is about whose messages do not.
 */
export function ingestRoutes(parts: Parts): Hono {
  const { config, registry, connection } = parts;
  const routes = new Hono();
  routes.use(async (c, next) => {
    if (!serviceKeyOf(c) && !hasSharedKey(c) && !isKeyless(config)) throw noKey(c);
    await next();
  });
  routes.post(
    '/traccar',
    described('Positions of units, as Traccar forwards them', 'A receipt: what was taken, and what not and why.'),
    limit,
    async (c) => {
      const layer = observableLayer(c, parts, traccarLayer);
      const receipt = await receiveBody(c, parts, layer, (entry) =>
        'fault' in entry ? entry : traccarEntry(entry.record),
      );
      return c.json(receipt, 200, notStored);
    },
  );
  routes.put(
    '/devices/:protocol/:device',
    described('What a device is about', 'The mapping as it is kept.'),
    limit,
    async (c) => {
      const protocol = protocols.find((each) => each === c.req.param('protocol'));
      const given = c.req.param('device');
      const device = protocol === 'chirpstack' ? given.toLowerCase() : given;
      if (!protocol) throw new Problem('not_found', `Protocols with devices are ${protocols.join(', ')}.`);
      if (device.length > 100) throw new Problem('bad_request', 'The name of a device has at most 100 characters.');
      const [entry] = readBody(await bytesOf(c), typeOf(c));
      const mapping = checkMapping(registry, entry && 'record' in entry ? entry.record : undefined);
      await demandMapping(c, parts, mapping);
      // Whose device it was until now must be the sender's as well: else one key would silence another's.
      const present = await mappingOf(connection.db, protocol, device);
      if (present && registry.layer(present.layer)) await demandMapping(c, parts, present);
      await storeMapping(connection.db, protocol, device, mapping);
      return c.json(mapping, 200, notStored);
    },
  );
  routes.post('/:layer', describeRoute(description), limit, async (c) => {
    const layer = observableLayer(c, parts, c.req.param('layer'));
    return c.json(await receiveBody(c, parts, layer), 200, notStored);
  });
  return routes;
}

/** Takes what a request sent into a layer, each entry as `translate` makes it, and notes what became of it. */
async function receiveBody(
  c: Context,
  parts: Parts,
  layer: Layer,
  translate: (entry: Entry) => Entry = (entry) => entry,
): Promise<Receipt> {
  const bytes = await bytesOf(c);
  const note = (result: ReturnType<typeof outcomeOf>) => noteMessage(parts, 'http', c.req.path, bytes, result);
  try {
    const agency = serviceKeyOf(c)?.agency;
    const receipt = await receive(parts, layer, readBody(bytes, typeOf(c)).map(translate), { agency });
    note(outcomeOf(receipt));
    return receipt;
  } catch (error) {
    // Sent again later it is taken: that is no fault of the message.
    if (error instanceof Problem && error.code !== 'too_many') note({ outcome: 'rejected', reason: error.message });
    throw error;
  }
}

async function bytesOf(c: Context): Promise<Uint8Array> {
  const coding = c.req.header('Content-Encoding');
  if (coding !== undefined && coding !== 'identity')
    throw new Problem('unsupported_media_type', 'Send the body without Content-Encoding.');
  return new Uint8Array(await c.req.arrayBuffer());
}

const typeOf = (c: Context) => c.req.header('Content-Type') ?? '';

/** The layer that observations are sent to; a hidden one is there only for who knows the key. Throws `not_found`. */
function observableLayer(c: Context, { registry, config }: Parts, id: string): Layer {
  const key = serviceKeyOf(c);
  if (key) demandLayer(key, id);
  const trusted = key !== undefined || config.INGEST_KEY !== undefined;
  const layer = trusted ? registry.layer(id) : registry.view(id, viewerOf(c)).layer;
  if (!layer || isArea(layer)) throw new Problem('not_found', `No layer '${id.slice(0, 60)}' takes observations.`);
  return layer;
}

/** Throws unless the sender may send observations of what a device is about; `forbidden` for another agency's thing. */
async function demandMapping(c: Context, parts: Parts, { layer: id, code }: DeviceMapping): Promise<void> {
  const layer = observableLayer(c, parts, id);
  const key = serviceKeyOf(c);
  if (key && ((await agencyOf(parts.connection.db, layer, code)) ?? key.agency) !== key.agency)
    throw new Problem('forbidden', `'${code}' is of another agency than the key.`);
}

function noKey(c: Context): Problem {
  c.header('WWW-Authenticate', 'Bearer');
  return new Problem('unauthorized', 'Send a key: Authorization: Bearer <key of the agency, or INGEST_KEY>.');
}

const example = { code: 'PDA-001', observed_at: '2026-11-21T19:40:00+07:00', level_cm: 132 };
const description: DescribeRouteOptions = {
  summary: 'Observations of a layer, matched by code',
  requestBody: {
    required: true,
    content: {
      'application/json': { schema: { oneOf: [{ type: 'object' }, { type: 'array', items: {} }] }, example },
      'application/x-ndjson': { schema: { type: 'string' } },
      'application/geo+json': { schema: { type: 'object' } },
    },
  },
  responses: {
    200: {
      description: 'What became of each record; the four counts add up.',
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: {
              accepted: { type: 'integer' },
              known: { type: 'integer' },
              suspect: { type: 'integer' },
              rejected: { type: 'array', items: { type: 'object' } },
            },
          },
          example: { accepted: 1, known: 0, suspect: 0, rejected: [] },
        },
      },
    },
    413: { description: 'More than 10 MB.' },
    415: { description: 'Neither JSON, NDJSON nor GeoJSON.' },
  },
};
