import type { FieldSurvey } from './survey.ts';
import { isOfKind, type ValueKind, valueKinds } from './value_kinds.ts';

/** The value for which a column is a text, though most of its values are of one kind. */
export interface OddValue {
  readonly row: number;
  readonly value: string;
  /** What the column would be without such values. */
  readonly kind: ValueKind;
}

/** More of a field's different values than this are of one kind, or it was never meant to be that. */
const mostOf = 0.5;
const longestShown = 40;

/** The first value that keeps a field from being what most of its values are; undefined where they agree, or never did. */
export function oddValue({ distinct, kinds, spoiled }: FieldSurvey): OddValue | undefined {
  if (kinds.length > 0) return undefined;
  const values = [...distinct];
  const counted = valueKinds.map((kind) => ({ kind, count: values.filter((value) => isOfKind(kind, value)).length }));
  const [most] = counted.toSorted((a, b) => b.count - a.count); // of equals the narrowest, which is first
  const first = most && spoiled.get(most.kind);
  if (!first || most.count <= values.length * mostOf) return undefined;
  return { row: first.row, value: String(first.value).slice(0, longestShown), kind: most.kind };
}
