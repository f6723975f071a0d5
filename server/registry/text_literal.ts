/** A text as a literal of SQL and of CQL2, which write it alike. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
