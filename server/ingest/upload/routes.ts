import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { type DescribeRouteOptions, describeRoute } from 'hono-openapi';
import { formOf, smallBody } from '../../accounts/request.ts';
import { originOf } from '../../audit/origin.ts';
import { described } from '../../described.ts';
import type { Parts } from '../../parts.ts';
import { demandPerson } from '../../registry/actions/may.ts';
import { Problem } from '../../registry/problem.ts';
import { viewerOf } from '../../registry/viewer.ts';
import { askedKinds } from '../import/asked_kind.ts';
import { importForm, openForm } from './form.ts';
import { rejectedCsv } from './rejected_csv.ts';
import { demandImporter, demandWish, importUpload, surveyUpload } from './steps.ts';
import type { Job, Upload } from './uploads.ts';

const fresh = { 'Cache-Control': 'no-store' };

/** What is told of an upload. */
export interface UploadState {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly job: Job;
}

/**
 * `/api/imports`: a file that a person brings in, step by step. `POST /` sends it, `POST /{id}/survey` reads it through,
 * `/try` tells what its import would do, `/commit` does it; each is begun and answers 202, `GET /{id}` tells how it goes.
 */
export function importRoutes(parts: Parts): Hono {
  const { uploads, config } = parts;
  const routes = new Hono();
  const ownUpload = (c: Context) => {
    const viewer = viewerOf(c);
    demandPerson(viewer);
    return uploads.of(viewer.person!.id, c.req.param('id') ?? ''); // there is one, or it would have thrown
  };
  const answer = (c: Context, upload: Upload, status: 200 | 201 | 202) => c.json(stateOf(upload), status, fresh);

  routes.post('/', describeRoute(sending), async (c) => {
    const viewer = viewerOf(c);
    demandPerson(viewer);
    demandImporter(parts, viewer);
    const name = c.req.query('name') ?? '';
    if (name === '' || name.length > 300) throw new Problem('bad_request', "'name' is what the file is called.");
    return answer(c, await uploads.take(viewer.person!.id, name, c.req.raw), 201); // there is one, as above
  });

  routes.get('/:id', describeRoute({ summary: 'How an import goes', responses: states }), (c) =>
    answer(c, ownUpload(c), 200),
  );

  const surveying = describe('Reads the file through: its fields, and what it may be for', {
    ...{ file_layer: { type: 'string' }, srs: { type: 'string', examples: ['EPSG:32749'] } },
    numbers: { enum: ['id', 'en'] },
  });
  routes.post('/:id/survey', describeRoute(surveying), smallBody, async (c) => {
    const upload = ownUpload(c);
    const form = await formOf(c, openForm);
    const viewer = viewerOf(c);
    uploads.begin(upload, 'survey', (signal) => surveyUpload(parts, upload, viewer, form, signal));
    return answer(c, upload, 202);
  });

  for (const step of ['try', 'commit'] as const) {
    const summary = step === 'try' ? 'Tells what the import would do, with a preview' : 'Imports';
    routes.post(`/:id/${step}`, describeRoute(describe(summary, wish)), smallBody, async (c) => {
      const upload = ownUpload(c);
      const form = await formOf(c, importForm);
      const origin = originOf(c, config);
      demandWish(parts, origin.viewer, form);
      uploads.begin(upload, step, (signal, progress) =>
        importUpload(parts, upload, origin, form, { dryRun: step === 'try', signal, progress }),
      );
      return answer(c, upload, 202);
    });
  }

  const table = described('The rows that were not taken, with their reasons', 'A row each.', { type: 'text/csv' });
  routes.get('/:id/rejected.csv', table, (c) => {
    const { opened, report, job } = ownUpload(c);
    if (!opened || !report || job.state === 'running') throw new Problem('not_found', 'Nothing was tried yet.');
    const { source, found } = opened.file;
    const lines = Readable.from(rejectedCsv(source, found.fields.keys(), report.faults));
    return c.body(Readable.toWeb(lines) as ReadableStream, 200, {
      ...fresh,
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="rejected.csv"',
    });
  });

  routes.delete('/:id', described('Ends an import and forgets the file', 'It is gone.', { status: 204 }), async (c) => {
    await uploads.remove(ownUpload(c));
    return c.body(null, 204);
  });
  return routes;
}

function stateOf({ id, name, bytes, sha256, job }: Upload): UploadState {
  return { id, name, bytes, sha256, job };
}

const states = {
  200: {
    description: '`job.state` is `idle`, `running` (`done` of `total`), `done` (`result`) or `failed` (`problem`).',
  },
  404: { description: 'There is none of one’s own: it has expired or was removed.' },
} as const;

const sending: DescribeRouteOptions = {
  summary: 'Sends a file to be imported',
  parameters: [
    {
      ...{
        name: 'name',
        in: 'query',
        required: true,
        schema: { type: 'string', maxLength: 300 },
        example: 'posko.csv',
      },
      description: 'What the file is called: its end says of what kind it is.',
    },
  ],
  requestBody: { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
  responses: {
    201: { description: 'It is there for an hour: `id`.' },
    401: { description: 'Nobody signed in.' },
    403: { description: 'The viewer may change no layer.' },
    413: { description: 'Larger than IMPORT_MAX_MIB.' },
    415: { description: 'Of no kind that can be imported.' },
    429: { description: 'Too many files are waiting.' },
  },
};

const wish = {
  ...{ layer: { type: 'string' }, file_layer: { type: 'string' }, srs: { type: 'string', examples: ['EPSG:32749'] } },
  new_layer: {
    type: 'object',
    properties: {
      ...{ id: { type: 'string' }, title: { type: 'string' }, title_en: { type: 'string' } },
      kinds: {
        ...{ type: 'object', additionalProperties: { enum: askedKinds } },
        description: 'field → what its attribute is to be; of what is not named the values tell',
      },
    },
  },
  map: { type: 'object', description: 'attribute → field, null to leave it alone; what is not named is guessed' },
  code: { type: ['string', 'null'], description: 'the key field, null for none' },
  ...{ numbers: { enum: ['id', 'en'] }, dates: { enum: ['dmy', 'mdy'] }, timezone: { type: 'string' } },
  ...{ unlocated: { type: 'boolean' }, anywhere: { type: 'boolean' } },
} as const;

type Properties = NonNullable<
  Extract<NonNullable<DescribeRouteOptions['requestBody']>, { content: object }>['content']
>;

function describe(summary: string, properties: object): DescribeRouteOptions {
  const content = { 'application/json': { schema: { type: 'object', properties } } } as Properties; // plain JSON Schema
  return {
    summary,
    requestBody: { content },
    responses: {
      202: { description: 'Begun: `GET /api/imports/{id}` tells how it goes.' },
      403: { description: 'The viewer may not import into this layer.' },
      404: { description: 'There is no such upload, or no such layer that the viewer sees.' },
      429: { description: 'Another import is under way.' },
    },
  };
}
