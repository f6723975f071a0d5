/**
 * By when something is due whose clock stood still since a moment: as much later as it has waited by now. RFC 3339; null
 * where there was no time, and what it was where nobody noted since when it waits.
 */
export function resumed(dueAt: string | null, since: string | null, now: Date): string | null {
  if (dueAt === null || since === null) return dueAt;
  const waitedMs = Math.max(0, now.getTime() - Date.parse(since));
  return new Date(Date.parse(dueAt) + waitedMs).toISOString();
}
