import { choice } from './attribute.ts';

/** The attribute that says whether a device was seen to do what it was commanded. One that cannot report back stays `unknown`. */
export function verified() {
  return choice(
    { id: 'Perintah terbukti', en: 'Command verified' },
    {
      verified: { id: 'Sesuai', en: 'Verified' },
      differs: { id: 'Tidak sesuai', en: 'Differs' },
      unknown: { id: 'Tidak dapat dipastikan', en: 'Cannot be told' },
    },
    { deviceOnly: true },
  );
}
