/** The three zones of Indonesia; none has a summer time. */
export const timeZones = {
  WIB: { name: 'Asia/Jakarta', offset: '+07:00' },
  WITA: { name: 'Asia/Makassar', offset: '+08:00' },
  WIT: { name: 'Asia/Jayapura', offset: '+09:00' },
} as const;

/** What a zone is called on every clock in it. */
export type TimeZone = keyof typeof timeZones;
