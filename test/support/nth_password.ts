/** The password that somebody has who changed it this many times. */
export function nthPassword(changes: number): string {
  return `kata-sandi-ke-${changes}`;
}
