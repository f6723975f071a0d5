/** The same phrases in English; one that counts (`count`) has another form for one where that is said otherwise. */
export type EnglishOf<T> = Record<keyof T, string> & Partial<Record<`${keyof T & string}_one`, string>>;
