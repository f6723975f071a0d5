import { Button, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PendingForViewer } from '../../server/registry/actions/pending_for.ts';
import { useLayer } from '../api/catalogue.ts';
import { queryClient } from '../api/query_client.ts';
import { pageState } from '../page.ts';
import { select } from '../panels/actions.ts';
import { Refused } from '../panels/refused.tsx';
import { useBilingual } from '../panels/use.ts';
import { useSending } from '../panels/use_sending.ts';
import { actWords } from './act_words.ts';
import styles from './actions.module.css';
import { sendAct } from './send_act.ts';
import { ValueChanges } from './value_change.tsx';

/** What somebody asked for: to be confirmed or rejected by a second person, or taken back. `now`: milliseconds since 1970. */
export function PendingCard({ pending, now }: { readonly pending: PendingForViewer; readonly now: number }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const layer = useLayer(pending.layer);
  const [reason, setReason] = useState('');
  const { busy, refused, run, refuse } = useSending({ words: actWords });
  const { id, mine, title, name, asked_name, before, after, until } = pending;
  const decide = (decision: 'confirm' | 'reject') => {
    if (!mine && reason.trim() === '') return refuse(t('second.reason_first'));
    void run(async () => {
      try {
        await sendAct(`/api/pending/${id}/${decision}`, { ...(reason.trim() !== '' && { reason: reason.trim() }) });
      } catch (error) {
        void queryClient.invalidateQueries({ queryKey: ['pending'] });
        throw error;
      }
      const said = decision === 'confirm' ? 'second.confirmed' : mine ? 'second.withdrawn' : 'second.rejected';
      notifications.show({
        message: i18next.t(said),
        color: 'accent',
        closeButtonProps: { 'aria-label': t('page.close') },
      });
      await queryClient.invalidateQueries();
    });
  };
  return (
    <article className={styles.card} data-pending={id}>
      <header className={styles.entryHead}>
        <strong>{title && say(title)}</strong>
        <span className={styles.countdown} role="timer">
          {countdown(Date.parse(until) - now)}
        </span>
      </header>
      <button
        type="button"
        className={styles.link}
        onClick={() => select(pageState, { layer: pending.layer, id: pending.feature })}
      >
        {name ?? pending.feature}
      </button>
      <span className={styles.term}>{mine ? t('second.waits') : t('second.asks', { name: asked_name })}</span>
      {pending.reason !== null && <span>{t('history.reason', { reason: pending.reason })}</span>}
      <ValueChanges layer={layer} before={before} after={after} />
      {!mine && (
        <TextInput
          label={t('act.reason')}
          required
          value={reason}
          maxLength={1000}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <Refused>{refused}</Refused>
      <div className={styles.buttons}>
        <Button disabled={busy} onClick={() => decide('reject')}>
          {t(mine ? 'second.withdraw' : 'second.reject')}
        </Button>
        {!mine && (
          <Button variant="filled" loading={busy} onClick={() => decide('confirm')}>
            {t('second.confirm')}
          </Button>
        )}
      </div>
    </article>
  );
}

/** `9:05`: minutes and seconds that are left. */
function countdown(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
