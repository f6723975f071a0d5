const budgetMs = 4;
const tasks: (() => void)[] = [];
let frame = 0;

function work() {
  frame = 0;
  const end = performance.now() + budgetMs;
  while (tasks.length > 0 && (document.hidden || performance.now() < end)) tasks.shift()?.();
  if (tasks.length > 0) frame = requestAnimationFrame(work);
}

/** Does a task in one of the next frames, a few milliseconds of them a frame; at once in a page that nobody sees. */
export function inFrame(task: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    tasks.push(() => {
      try {
        task();
        resolve();
      } catch (error) {
        reject(error);
      }
    });
    if (document.hidden) work();
    else if (frame === 0) frame = requestAnimationFrame(work);
  });
}

globalThis.document?.addEventListener('visibilitychange', () => {
  if (document.hidden) work();
});
