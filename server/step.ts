/** How often a step that takes long says so, in milliseconds. */
const repeatMs = 5_000;

/** Does a step of a start: says what it is, and again every five seconds with how long it has taken. */
export async function step<T>(say: (message: string) => void, message: string, work: () => Promise<T>): Promise<T> {
  say(message);
  const begun = performance.now();
  const repeated = setInterval(() => {
    say(`${message}: ${Math.round((performance.now() - begun) / 1000)} s so far`);
  }, repeatMs).unref();
  try {
    return await work();
  } finally {
    clearInterval(repeated);
  }
}
