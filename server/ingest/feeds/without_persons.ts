/** What leads to a person in a text that somebody wrote in public, and what stands there instead; addresses come first. */
const traces: readonly (readonly [RegExp, string])[] = [
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '[surel]'],
  [/\b(?:https?:\/\/|www\.)\S+/gi, '[tautan]'],
  [/(?<![\w@])@\w{2,}/g, '[pengguna]'],
  // Telephone numbers of Indonesia: 08…, +62…, with the gaps that people write.
  [/(?<!\d)\(?(?:\+?62|0)[\s.-]?\d{2,4}\)?(?:[\s.-]?\d{2,4}){2,3}(?!\d)/g, '[telepon]'],
];

/** A text without what leads to a person: accounts, telephone numbers, e-mail addresses, links. */
export function withoutPersons(text: string): string {
  return traces.reduce((rest, [trace, instead]) => rest.replace(trace, instead), text).trim();
}
