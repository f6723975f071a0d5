/** Some attributes of some rows of a layer. */
export interface VisiblePart<A extends string = string> {
  readonly attributes: 'all' | readonly A[];
  /** CQL2 text that these rows satisfy; it may read attributes that are not shown. */
  readonly where?: string;
  /** Only rows of the agency in which the role is held, and of the area it is limited to. */
  readonly own?: true;
}

/**
 * What a role sees of a layer: nothing, everything, or parts: a row that is in one of them, with the attributes of all
 * parts that it is in.
 */
export type Visibility<A extends string = string> = 'none' | 'all' | VisiblePart<A> | readonly VisiblePart<A>[];
