import type { z } from 'zod';
import type { Bilingual } from '../attribute.ts';
import type { Role } from '../role.ts';

/** What an attribute can hold. */
export type Value = string | number | boolean | null;
export type Values = Readonly<Record<string, Value>>;

/** What an action knows besides the feature and its input. */
export interface ActionContext {
  readonly now: Date;
  /** The name of whoever acts. */
  readonly person: string;
}

/** Columns of every layer that an action may change besides the layer's attributes. */
interface CommonChanges {
  /** Hands the feature over to another office. */
  readonly agency?: string | null;
  /** RFC 3339: what is said now was observed then. */
  readonly observed_at?: string;
}

/** Acknowledge, dispatch. */
export type ActionKey = 'A' | 'D';

/** A thing that people may do with a feature of a layer: data, and one pure function that says what changes. */
export interface Action {
  readonly title: Bilingual;
  readonly description?: Bilingual;
  /** Held in an agency or an area, a role counts for the features of that agency and area only. */
  readonly roles: readonly Role[];
  /** Attributes of `server/registry/attribute.ts`: the form is made from them. */
  readonly input: z.ZodObject;
  /** Only while an attribute has one of these values (null: none). */
  readonly when?: { readonly attribute: string; readonly values: readonly Value[] };
  /** Whether it must be said why. Absent: it may be. */
  readonly reason?: 'required';
  /** Asked before it is done. */
  readonly confirm?: Bilingual;
  /** The key that begins it while a feature is selected; what is pressed at night is the same on every layer. */
  readonly key?: ActionKey;
  /** It cannot be taken back. */
  readonly final?: true;
  /**
   * It is done when another person with one of these roles confirms it within so many minutes; until then nothing changes.
   * It can only be taken back by doing it again.
   */
  readonly twoPerson?: { readonly roles: readonly Role[]; readonly minutes: number };
  /** What changes of the feature; pure. Throws a `Problem` when the thing's own limits forbid it. */
  run(context: ActionContext, feature: Values, input: Values): Values;
}

/** What each changed key may become: its attribute's values, and for a key that is not declared nothing. */
type Checked<A extends z.ZodObject, C> = {
  readonly [K in keyof C]: K extends keyof CommonChanges
    ? CommonChanges[K]
    : K extends keyof z.infer<A>
      ? z.infer<A>[K]
      : never;
};

/**
 * Declares an action of a layer with these attributes. The types refuse reading an input or an attribute, and changing
 * one, that is not declared.
 */
export function action<A extends z.ZodObject, I extends z.ZodObject, const C extends Values>(
  _attributes: A,
  definition: Omit<Action, 'input' | 'when' | 'run'> & {
    readonly input: I;
    readonly when?: {
      readonly attribute: keyof z.infer<A> & string;
      readonly values: readonly Value[];
    };
    run(context: ActionContext, feature: Readonly<z.infer<A>>, input: Readonly<z.infer<I>>): C & Checked<A, C>;
  },
): Action {
  // What `act` hands over was checked against the same schemas; only the compiler no longer knows.
  return definition as unknown as Action;
}
