/** The languages of the page, Indonesian first. */
export type Language = 'id' | 'en';
