const mostRemembered = 10_000;

/** What was written down a little while ago, so that doing the same again meanwhile is no second entry; in this process. */
export function rememberedFor(ms: number) {
  const known = new Map<string, number>();
  return {
    has: (key: string) => Date.now() - (known.get(key) ?? 0) < ms,
    add(key: string): void {
      known.delete(key); // the oldest stands first
      known.set(key, Date.now());
      const [oldest] = known.keys();
      if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest);
    },
  };
}
