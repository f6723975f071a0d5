/** One of the tabs of a browser profile. */
export interface Leadership {
  readonly leads: () => boolean;
  /** Takes the lead from a tab that has fallen silent; it learns of it when it wakes. */
  readonly takeOver: () => void;
}

/**
 * Chooses one of the tabs that ask for the same name: the one that holds a lock, until it closes, crashes or is taken
 * over. `begin` is called when this tab becomes it, `end` when it no longer is. Without locks (a page over plain HTTP
 * from another machine is no secure context) every tab leads itself.
 */
export function leadership(name: string, begin: () => void, end: () => void): Leadership {
  const locks = navigator.locks as LockManager | undefined; // the declarations know only secure contexts
  let turns = 0;
  let holding = 0;
  let waiting = new AbortController();

  const hold = (turn: number) => {
    holding = turn;
    begin();
    return new Promise<never>(() => {}); // as long as the tab lives
  };
  function lost(turn: number) {
    if (holding !== turn) return;
    holding = 0;
    end();
  }
  function queue() {
    const turn = ++turns;
    waiting = new AbortController();
    const { signal } = waiting;
    locks
      ?.request(name, { signal }, () => hold(turn))
      .catch(() => {
        if (signal.aborted && holding !== turn) return;
        lost(turn);
        queue();
      });
  }

  if (locks) queue();
  else {
    holding = -1;
    begin();
  }
  return {
    leads: () => holding !== 0,
    takeOver() {
      if (holding !== 0) return;
      waiting.abort();
      const turn = ++turns;
      locks
        ?.request(name, { steal: true }, () => hold(turn))
        .catch(() => {
          lost(turn);
          queue();
        });
    },
  };
}
