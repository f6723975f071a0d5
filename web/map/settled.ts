/** A moment that many small changes need; and the longest that is waited where they do not end. */
const [restMs, longestMs] = [80, 500];

/** Calls back a moment after the last of many wishes, but now and then where they do not end. */
export function settled(settle: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let since = 0;
  return () => {
    const now = performance.now();
    since ||= now;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        since = 0;
        settle();
      },
      Math.max(0, Math.min(restMs, since + longestMs - now)),
    );
  };
}
