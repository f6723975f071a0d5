import { useState } from 'react';
import type { ListedAction } from '../../server/registry/actions/listed.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { queryClient } from '../api/query_client.ts';
import { pageState } from '../page.ts';
import { select } from '../panels/actions.ts';
import { useBilingual } from '../panels/use.ts';
import { useSending } from '../panels/use_sending.ts';
import { actWords } from './act_words.ts';
import { showDone } from './show_done.ts';
import { type Conflict, submitAct, type Wished } from './submit_act.ts';
import { renewFeature } from './use_possible.ts';

/** Does an action for a form: one at a time, with its errors by field, what was refused in words, and a conflict. */
export function useActing(layer: CatalogueLayer, action: ListedAction, onDone: () => void) {
  const say = useBilingual();
  const { busy, run, errorAt, refusedBeside } = useSending({ words: actWords });
  const [conflict, setConflict] = useState<Conflict | null>(null);

  const submit = (wish: Pick<Wished, 'input' | 'reason' | 'base'>) =>
    run(async () => {
      const { base } = wish;
      const outcome = await submitAct({ layer: layer.id, action: action.name, ...wish });
      if ('pending' in outcome) void queryClient.invalidateQueries({ queryKey: ['pending'] });
      if ('fresh' in outcome) return setConflict(outcome);
      const name = base ? base.properties[layer.name] : wish.input[layer.name];
      showDone(outcome, say(action.title), typeof name === 'string' ? name : say(layer.title), action.final ?? false);
      if (action.name === 'delete') pageState.set({ selected: null });
      else if (base) void renewFeature(layer.id, base.id);
      else select(pageState, { layer: layer.id, id: outcome.id });
      onDone();
    });
  return { busy, errorAt, refusedBeside, conflict, submit, forget: () => setConflict(null) };
}
