/** Loaded into a server under test (`--import`, `--expose-gc`): answers every message with the bytes that are in use. */
process.on('message', async () => {
  // What waits for a finaliser is freed by the collection after the next turn.
  for (let i = 0; i < 3; i++) {
    gc!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  process.send!(heapUsed + external);
});
process.channel?.unref();
