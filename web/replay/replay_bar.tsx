import { useEffect, useRef } from 'react';
import { useCatalogue } from '../api/catalogue.ts';
import { pageState, replay } from '../page.ts';
import { later } from '../panels/later.tsx';
import { useStore } from '../panels/use.ts';
import { useReplayKeys } from './use_replay_keys.ts';

const ReplayControls = later('ReplayControls');

/** The slider under the map that chooses the moment which is shown, while one is. */
export function ReplayBar() {
  const open = useStore(replay.state, (value) => value.open);
  useOpenedByAddress();
  useReplayKeys();
  return open ? <ReplayControls /> : null;
}

/** An address that names a moment opens it, once it is known what there is to replay. */
function useOpenedByAddress(): void {
  const isKnown = useCatalogue().data !== undefined;
  const done = useRef(false);
  useEffect(() => {
    if (!isKnown || done.current) return;
    done.current = true;
    const at = pageState.get().replay;
    if (at) replay.open(at);
  }, [isKnown]);
}
