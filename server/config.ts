import { z } from 'zod';
import { feeds } from './ingest/pull/feeds.ts';
import type { Bbox } from './registry/catalogue.ts';
import { roles } from './registry/role.ts';

const feedIds = feeds.map(({ id }) => id);
const port = z.coerce.number().int().min(0).max(65535);
/** A URL, and in which form it is given when it is none. */
const url = (protocol: RegExp, form: string) => z.url({ protocol, error: `needs the form ${form}` });
/** `west,south,east,north` in degrees. */
const bbox = z.string().transform((text, context): Bbox => {
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN, ...more] = text
    .split(',')
    .map(Number);
  const lons = -180 <= west && west < east && east <= 180;
  const lats = -90 <= south && south < north && north <= 90;
  if (lons && lats && more.length === 0) return [west, south, east, north];
  context.addIssue({ code: 'custom', message: 'needs west,south,east,north in degrees' });
  return z.NEVER;
});

const schema = z.object({
  /** Address to listen on. */
  HOST: z.string().default('localhost'),
  PORT: port.default(8080),
  /** PostgreSQL ≥ 15 with PostGIS; absent: the embedded database in `DATA_DIR`. */
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgres://user:password@host:5432/database').optional(),
  DATA_DIR: z.string().default('.data'),
  /** What whoever has not signed in may see. Default: `public`; with the demo regency `operator`, so that all of it shows. */
  ROLE: z.enum(roles).optional(),
  /** Where people reach this server, `https://peta.example.go.id`: for links in e-mails, cookies and passkeys. Default: as each request says. */
  PUBLIC_URL: url(/^https?$/, 'https://peta.example.go.id')
    .refine((given) => new URL(given).pathname === '/', 'has no path: the page is at its root')
    .transform((given) => new URL(given).origin)
    .optional(),
  /** Signs cookies and encrypts second factors; the same on every process. Default: made once, kept in `DATA_DIR/auth_secret`. */
  AUTH_SECRET: z.string().min(32).optional(),
  /** Proxies in front that each add who asked them to `X-Forwarded-For`; 0: nobody's word is taken. */
  PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** Outgoing mail, `smtps://user:password@host`; without it links are shown to the admin who asked for them. */
  SMTP_URL: url(/^smtps?$/, 'smtps://user:password@host').optional(),
  /** Sender of these mails. */
  MAIL_FROM: z.string().default('Pendopo <pendopo@localhost>'),
  /** Single sign-on: the issuer of an OpenID Connect provider, and what it knows this server as. */
  OIDC_ISSUER: url(/^https?$/, 'https://issuer.example').optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  /** Take its word for the addresses it hands out although it does not say `email_verified`: `1` or `0`. */
  OIDC_TRUST_EMAIL: z.stringbool().default(false),
  /** What its button is called. */
  OIDC_NAME: z.string().default('SSO'),
  /** The regency, for the page's title. */
  REGION_NAME: z.string().default('Kabupaten Jember'),
  /** Where things may lie; imports and drawings outside are refused. */
  REGION_BBOX: bbox.default([113.2, -8.65, 114.1, -7.9]),
  /** The regency's time zone, for every clock and date of the page and for imports. */
  TIMEZONE: z.enum(['WIB', 'WITA', 'WIT']).default('WIB'),
  /** Seed the demo regency into an empty database: `1` or `0`. Default: only into the embedded database. */
  DEMO: z.stringbool().optional(),
  /** Size of the demo regency: 1 = 650,000 businesses. */
  DEMO_SCALE: z.coerce.number().positive().max(8).default(0.1),
  /** Let the things of the demo regency live: `1` or `0`. Default: wherever there is the demo regency, never elsewhere. */
  SIMULATE: z.stringbool().optional(),
  /** PMTiles archive, or an XYZ raster template with {z}, {x}, {y}. Default: `tiles/basemap.pmtiles`, else the built-in one. */
  BASEMAP_URL: z.string().optional(),
  BASEMAP_ATTRIBUTION: z.string().optional(),
  /** Bytes of encoded tiles kept in memory. */
  TILE_CACHE_MIB: z.coerce.number().int().min(1).default(64),
  /** Days that the change log is kept: who was away longer starts over. */
  CHANGE_LOG_DAYS: z.coerce.number().int().min(1).max(365).default(7),
  /** Event streams that visitors at one address may hold open; behind a proxy tell `PROXIES`, or all share its address. */
  EVENTS_PER_ADDRESS: z.coerce.number().int().min(1).default(1000),
  /** Event streams that one account may hold open, on whatever machines. */
  EVENTS_PER_ACCOUNT: z.coerce.number().int().min(1).default(50),
  /** KiB kept for a client that is too slow, before it must start over. */
  EVENTS_QUEUE_KIB: z.coerce.number().int().min(16).default(512),
  /** Shared key of all devices, until each agency has its own: `Authorization: Bearer …`, or the password over MQTT. */
  INGEST_KEY: z.string().min(8).optional(),
  /** Port of the built-in MQTT broker, on `HOST`; 0: any that is free. */
  MQTT_PORT: port.default(1883),
  /** A broker of your own instead of the built-in one: `mqtt://user:password@host?clientId=…`. */
  MQTT_URL: url(/^(mqtts?|wss?)$/, 'mqtt://user:password@host?clientId=…').optional(),
  /** Outside feeds to pull, by id, comma-separated; `all`; none, so that nobody is asked before the operator wants it. */
  FEEDS: z
    .string()
    .default('')
    .transform((value) =>
      value.trim() === 'all'
        ? feedIds
        : value
            .split(',')
            .map((id) => id.trim())
            .filter(Boolean),
    )
    .refine((ids) => ids.every((id) => feedIds.includes(id)), `names feeds: ${feedIds.join(', ')}, or all`),
  /** Whose weather is asked for: `district` (one village each), `village` (all), or codes of villages, comma-separated. */
  FORECAST_AREAS: z
    .string()
    .default('district')
    .transform((value, context): 'district' | 'village' | readonly string[] => {
      if (value === 'district' || value === 'village') return value;
      const codes = value.split(',').map((code) => code.trim());
      if (codes.every((code) => /^\d{2}\.\d{2}\.\d{2}\.\d{4}$/.test(code))) return codes;
      context.addIssue({ code: 'custom', message: 'needs district, village, or codes like 35.09.19.1001' });
      return z.NEVER;
    }),
  /** What is kept of the messages of devices as they came, for 30 days: the `rejected` and suspect ones, `all`, or `none`. */
  RAW_PAYLOADS: z.enum(['rejected', 'all', 'none']).default('rejected'),
  /** MiB that a file may have which is imported from the page; an archive may unpack to ten times that. */
  IMPORT_MAX_MIB: z.coerce.number().int().min(1).max(4000).default(200),
  /** Minutes that a step of such an import may take. */
  IMPORT_MINUTES: z.coerce.number().min(1).max(240).default(15),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

/** Variables that mean nothing without others. */
const complete = schema.superRefine((given, context) => {
  const needs = (name: keyof typeof given, other: keyof typeof given) => {
    if (given[name] !== undefined && given[other] === undefined)
      context.addIssue({ code: 'custom', path: [other], message: `is needed with ${name}` });
  };
  needs('SMTP_URL', 'PUBLIC_URL'); // a link in a mail must not follow whatever host a request named
  needs('OIDC_ISSUER', 'PUBLIC_URL');
  needs('OIDC_ISSUER', 'OIDC_CLIENT_ID');
});

/** With what follows from other variables. */
const whole = complete.transform((given) => {
  const DEMO = given.DEMO ?? given.DATABASE_URL === undefined;
  return { ...given, DEMO, ROLE: given.ROLE ?? (DEMO ? 'operator' : 'public') };
});

/** The names of all variables. */
export const configVariables: readonly string[] = Object.keys(schema.shape);

export type Config = Readonly<z.infer<typeof whole>>;

/**
 * The configuration from environment variables, frozen. Throws one error that names every wrong variable and what it
 * should be; empty variables count as absent.
 */
export function config(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = whole.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`The configuration is not usable:\n${faults.join('\n')}`);
}
