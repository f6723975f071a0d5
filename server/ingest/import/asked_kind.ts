/** What a column of a new layer may be made, over what its values say; a choice only follows from them. */
export const askedKinds = ['text', 'integer', 'number', 'date', 'instant', 'boolean'] as const;
export type AskedKind = (typeof askedKinds)[number];
