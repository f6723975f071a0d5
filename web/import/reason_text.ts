import type { TFunction } from 'i18next';
import type { id } from '../i18n/id.ts';

type Phrase = Extract<keyof typeof id, `import.reason_${string}`>;

/** What the importer says of a row and of a file (`server/ingest/import`), as patterns; what they hold in brackets is `a` and `b`. */
const reasons: readonly (readonly [RegExp, Phrase])[] = [
  [/^is missing$/, 'import.reason_missing'],
  [/^(".*") is none of .*$/, 'import.reason_choice'],
  [/^(".*") is neither yes nor no$/, 'import.reason_boolean'],
  [/^(".*") is not a number/, 'import.reason_number'],
  [/^(".*") can be read in two ways/, 'import.reason_two_ways'],
  [/^(\S+) is not a whole number$/, 'import.reason_integer'],
  [/^(\S+) is outside (.+) to .+$/, 'import.reason_limits'],
  [/^is longer than (\d+) characters$/, 'import.reason_long'],
  [/^holds (?:the character NUL|half a character)/, 'import.reason_character'],
  [/^(".*") is not? a? ?date/, 'import.reason_date'],
  [/^(".*"): say --dates/, 'import.reason_date_order'],
  [/^(".*"): the time of day cannot be read$/, 'import.reason_time'],
  [/^outside the region .*; is --srs (\S+) right\?$/, 'import.reason_region_srs'],
  [/^outside the region/, 'import.reason_region'],
  [/^coordinates outside EPSG:4326/, 'import.reason_degrees'],
  [/^(?:no coordinates|null geometry)$/, 'import.reason_no_place'],
  [/^a (?:latitude without a longitude|longitude without a latitude)$/, 'import.reason_half_place'],
  [/^an? (\w+) where the layer has (\w+)$/, 'import.reason_kind'],
  [/^skipped: code (.*) was in row (\d+)$/, 'import.reason_skipped'],
  [/^repaired: /, 'import.reason_repaired'],
  [/^not yours to write \(agency (.*), area (.*)\)$/, 'import.reason_not_yours'],
  [/^the code (".*") is taken$/, 'import.reason_taken'],
  [/^holds what you may not change/, 'import.reason_hidden'],
  [/^breaks the rule /, 'import.reason_rule'],
  [/^(\d+) values where the header has (\d+) columns$/, 'import.reason_columns'],
  [/^The file (?:.* )?is empty/, 'import.reason_file_empty'],
  [/(?:ends in the middle|its end is missing)/, 'import.reason_file_cut'],
  [
    /^(?:Not a feature file|Not GeoJSON|The file is not JSON|The feature collection has|"features" is)/,
    'import.reason_file_other',
  ],
  [/^There is no coordinate system (\S+):/, 'import.reason_file_srs'],
  [/^The text is /, 'import.reason_file_encoding'],
  [/^The column (".*") occurs twice/, 'import.reason_file_twice'],
  [/^The (?:table|layer .*|archive) cannot be read/, 'import.reason_file_damaged'],
  [/^The archive holds a name that leads out of it/, 'import.reason_file_outside'],
  [/^A layer has geometries of one kind/, 'import.reason_file_kinds'],
];

/** A reason in the page's language; what is not known here stays as the importer said it. `attribute (field): reason` names the field. */
export function reasonText(t: TFunction, reason: string): string {
  const [, field, rest] = /^\w+ \((.+?)\): (.*)$/s.exec(reason) ?? [];
  if (field !== undefined && rest !== undefined) return `${field}: ${reasonText(t, rest)}`;
  for (const [pattern, phrase] of reasons) {
    const found = pattern.exec(reason);
    if (found) return t(phrase, { a: found[1] ?? '', b: found[2] ?? '' });
  }
  return reason;
}
