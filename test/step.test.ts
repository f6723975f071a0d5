import { expect, onTestFinished, test, vi } from 'vitest';
import { step } from '../server/step.ts';

test('a step says what it is, every five seconds that it still is, and nothing when it is done', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const said: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  const done = step(
    (message) => said.push(message),
    'opening',
    () => promise,
  );
  vi.advanceTimersByTime(12_000);
  resolve('open');
  expect(await done).toBe('open');
  vi.advanceTimersByTime(12_000);
  expect(said).toEqual(['opening', 'opening: 5 s so far', 'opening: 10 s so far']);
});
