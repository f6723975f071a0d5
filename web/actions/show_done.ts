import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import type { Done } from '../../server/registry/actions/acting.ts';
import { queryClient } from '../api/query_client.ts';
import { refusalText } from '../i18n/refusal_text.ts';
import { pageState } from '../page.ts';
import { select } from '../panels/actions.ts';
import { showUndo } from '../panels/show_undo.tsx';
import { actWords } from './act_words.ts';
import { sendAct } from './send_act.ts';

/** Says that something was done, and for 10 s offers to take it back. */
export function showDone(done: Done, action: string, name: string, final: boolean): void {
  const { t } = i18next;
  const { audit, pending } = done;
  const text = t(pending ? 'second.asked' : 'act.done', { action, name });
  showUndo(
    `act-${audit ?? Date.now()}`,
    text,
    audit === null || final || pending ? null : () => void takeBack(audit, action),
  );
}

/** Takes an act back and shows the feature; says why where it cannot be. */
async function takeBack(audit: number, action: string): Promise<void> {
  const { t } = i18next;
  const closeButtonProps = { 'aria-label': t('page.close') };
  try {
    const { layer, id, changed } = await sendAct(`/api/audit/${audit}/undo`, {});
    notifications.show({ message: t('act.undone', { action }), color: 'accent', closeButtonProps });
    await queryClient.invalidateQueries();
    // What was added is gone again; everything else is there.
    if (changed.length > 0 && pageState.get().selected === null) select(pageState, { layer, id });
  } catch (error) {
    const message = t('act.undo_failed', { reason: refusalText(t, error, actWords) });
    notifications.show({ message, color: 'red', autoClose: 10_000, closeButtonProps });
  }
}
