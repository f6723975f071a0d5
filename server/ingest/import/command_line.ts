import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import type { Origin } from '../../audit/record.ts';
import type { Bbox } from '../../registry/catalogue.ts';
import { Problem } from '../../registry/problem.ts';
import { type AskedKind, askedKinds } from './asked_kind.ts';
import type { ImportOptions } from './import_file.ts';

export const usage = `npm run import -- LAYER FILE [options]
npm run import -- new FILE --id ID --title TITLE [--public] [options]

  --title-en TITLE      its title in English, where that is another
  --public              everybody sees the new layer; without it, who works here
  --kind FIELD=KIND     what a column of the new layer is, over what its values say (may be repeated):
                        text, integer, number, date, instant (a time), boolean (yes or no)
  --layer-name NAME     the layer to read, where the file holds several
  --map ATTRIBUTE=FIELD where an attribute comes from; ATTRIBUTE=- leaves it alone (may be repeated)
  --code FIELD          the field that is each row's key; - for none
  --srs EPSG:32749      the coordinate system of the file, when it does not say or says it wrong
  --timezone ZONE       of times that name none (that of TIMEZONE)
  --dates dmy|mdy       whether the day or the month is first in 03/04/2025
  --numbers id|en       whether numbers are written 1.234,5 or 1,234.5
  --keep-empty          an empty text stays an empty text
  --unlocated           take features without a geometry as not yet placed
  --anywhere            also outside the region (REGION_BBOX)
  --dry-run             do everything, change nothing
  --report FILE         write every fault to a file`;

const flags = {
  'layer-name': { type: 'string' },
  map: { type: 'string', multiple: true, default: [] as string[] },
  kind: { type: 'string', multiple: true, default: [] as string[] },
  code: { type: 'string' },
  srs: { type: 'string' },
  timezone: { type: 'string' },
  dates: { type: 'string' },
  numbers: { type: 'string' },
  'keep-empty': { type: 'boolean', default: false },
  unlocated: { type: 'boolean', default: false },
  anywhere: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  report: { type: 'string' },
  id: { type: 'string' },
  title: { type: 'string' },
  'title-en': { type: 'string' },
  public: { type: 'boolean', default: false },
} as const;

/** What `npm run import` was asked to do. */
export interface ImportCommand {
  /** A layer's id, or `new`. */
  readonly target: string;
  readonly path: string;
  readonly options: ImportOptions;
  readonly id: string | undefined;
  readonly title: string | undefined;
  readonly titleEn: string | undefined;
  /** Whether everybody is to see the new layer. */
  readonly isPublic: boolean;
  /** What columns of the new layer are to be, by field. */
  readonly kinds: Readonly<Record<string, AskedKind>>;
  /** Where every fault is to be written. */
  readonly report: string | undefined;
}

/**
 * Reads the command line; rows may lie in `region` unless it says `--anywhere`, and times without a zone are of `zone`.
 * @throws Problem `bad_request` that says what is wrong, with the usage.
 */
export function readCommandLine(given: readonly string[], region: Bbox, zone: string): ImportCommand {
  const { values, positionals } = parsed(given);
  const [target, path] = positionals;
  if (target === undefined || path === undefined || positionals.length > 2) throw new Problem('bad_request', usage);
  if (values.public && target !== 'new')
    throw new Problem('bad_request', `--public is of a new layer: who sees "${target}" is decided already.`);
  if (values.kind.length > 0 && target !== 'new')
    throw new Problem(
      'bad_request',
      `--kind is of a new layer: what the columns of "${target}" are is decided already.`,
    );
  const options: ImportOptions = {
    layerName: values['layer-name'],
    map: new Map(values.map.map((text) => assignment('map', 'ATTRIBUTE=FIELD', text))),
    code: values.code,
    srs: values.srs,
    timezone: timezone(values.timezone ?? zone),
    dateOrder: oneOf('dates', ['dmy', 'mdy'], values.dates),
    notation: oneOf('numbers', ['id', 'en'], values.numbers),
    keepEmpty: values['keep-empty'],
    unlocated: values.unlocated,
    region: values.anywhere ? undefined : region,
    dryRun: values['dry-run'],
    by: whoeverIsHere(),
  };
  const { id, title, report, public: isPublic } = values;
  const kinds = Object.fromEntries(values.kind.map(kindOf));
  return { target, path, options, id, title, titleEn: values['title-en'], isPublic, kinds, report };
}

/** Whoever sits at the machine: there is nobody above to ask. */
function whoeverIsHere(): Origin {
  return { viewer: { grants: [{ role: 'admin' }], person: { id: 'command', name: `npm run import (${userName()})` } } };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`; // a container's user that the system has no name for
  }
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], options: flags, allowPositionals: true });
  } catch (error) {
    throw new Problem('bad_request', `${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

function kindOf(text: string): [string, AskedKind] {
  const [field, kind] = assignment('kind', 'FIELD=KIND', text);
  const found = askedKinds.find((each) => each === kind);
  if (found === undefined) throw new Problem('bad_request', `--kind ${text}: ${askedKinds.join(', ')}.`);
  return [field, found];
}

function assignment(flag: string, shape: string, text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new Problem('bad_request', `--${flag} ${text}: write ${shape}.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function oneOf<T extends string>(flag: string, allowed: readonly T[], given: string | undefined): T | undefined {
  if (given === undefined) return undefined;
  const found = allowed.find((each) => each === given);
  if (found === undefined) throw new Problem('bad_request', `--${flag} ${given}: ${allowed.join(' or ')}.`);
  return found;
}

/** An IANA zone. @throws Problem `bad_request`. */
export function timezone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) && name;
  } catch {
    throw new Problem('bad_request', `--timezone ${name}: not a zone like Asia/Jakarta.`);
  }
}
