import type { Bilingual } from './attribute.ts';

/** The groups of the layer list, in the order they are shown. */
export const groups = {
  disaster: { id: 'Bencana', en: 'Disaster' },
  emergency: { id: 'Darurat', en: 'Emergency' },
  complaint: { id: 'Aduan', en: 'Complaints' },
  traffic: { id: 'Lalu lintas', en: 'Traffic' },
  utility: { id: 'Prasarana', en: 'Utilities' },
  health: { id: 'Kesehatan', en: 'Health' },
  economy: { id: 'Ekonomi', en: 'Economy' },
  boundary: { id: 'Wilayah', en: 'Boundaries' },
  other: { id: 'Lainnya', en: 'Other' },
} as const satisfies Record<string, Bilingual>;
export type Group = keyof typeof groups;
