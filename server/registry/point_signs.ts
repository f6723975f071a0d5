/** The form of a layer's points. */
export type PointSymbol = 'disc' | 'bubble' | 'soft' | 'dot';

/**
 * Of what takes commands: the attributes that tell what was asked, what the device reported of it, and whether it was
 * seen to do it (`verified()`). What the device reported is the symbol; a halo shows what is asked and not reported yet,
 * a mark what differs past the deadline.
 */
export interface Command<K extends string = string> {
  readonly commanded: K;
  readonly reported: K;
  readonly verified: K;
  /** Commanded values that ask for nothing. */
  readonly rest?: readonly string[];
}

/** By when something is to be done with a thing, as long as an attribute has one of these values. */
export interface Due<K extends string = string> {
  readonly attribute: K;
  readonly when: { readonly attribute: K; readonly values: readonly string[] };
}

/** What burns in a signal head. */
export type Lamp = 'red' | 'yellow' | 'green';

/**
 * The signal heads of a thing, told by a text with one character a head: which lamps burn in it, by character; one that is not
 * named is no head. From the zoom `from` on each is drawn under the symbol, as long as the observation is not stale.
 */
export interface SignalHeads<K extends string = string> {
  readonly attribute: K;
  readonly lit: Readonly<Record<string, readonly Lamp[]>>;
  readonly from: number;
}

/**
 * The ground a thing covers: metres around it, `usual` where they are not known and `most` at most. Where it does not
 * cover all around, the direction it looks in, in degrees clockwise from north, and how many degrees it sees. Where
 * somebody worked it out, `area` is a text that holds it: a Polygon or MultiPolygon of GeoJSON, which then counts alone.
 */
export interface Coverage<K extends string = string> {
  readonly range: K;
  readonly area?: K;
  readonly usual?: number;
  readonly most?: number;
  readonly sector?: { readonly heading: K; readonly width: K };
}
