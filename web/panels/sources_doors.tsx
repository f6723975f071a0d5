import { useTranslation } from 'react-i18next';
import type { DoorReport } from '../../server/ingest/door_meter.ts';
import { ageText } from '../i18n/age.ts';
import { instantText, numberText } from '../i18n/format.ts';
import styles from './sources.module.css';
import { useLanguage, useNow } from './use.ts';

const titles = { http: 'HTTP', mqtt: 'MQTT' } as const;

/** One door of devices: whether it is open, what comes by it, and what was last rejected. */
export function DoorCard({ door }: { readonly door: DoorReport }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1000);
  const { id, state, at, perMinute, messages, rejected, lastMessage, lastRejected } = door;
  const good = state === 'listening' || state === 'connected';
  return (
    <article
      className={styles.card}
      data-door={id}
      data-state={good ? 'good' : state === 'off' ? 'off' : 'unreachable'}
      aria-label={titles[id]}
    >
      <header className={styles.head}>
        <span className={styles.dot} aria-hidden="true" />
        <h4>{titles[id]}</h4>
        <span className={styles.rate}>{t('sources.per_minute', { formatted: numberText(perMinute, language) })}</span>
      </header>
      <p className={styles.state}>
        {t(`sources.door_${state}`)}
        {at !== null && ` (${at})`}
        {lastMessage !== null && (
          <> · {t('sources.last_message', { age: ageText((now - Date.parse(lastMessage)) / 1000, language) })}</>
        )}
      </p>
      <dl className={styles.facts}>
        <div>
          <dt>{t('sources.messages')}</dt>
          <dd>{numberText(messages, language)}</dd>
        </div>
        <div>
          <dt>{t('sources.rejected')}</dt>
          <dd>
            {numberText(rejected, language)}
            {lastRejected && (
              <>
                <span className={styles.reason}>{lastRejected.reason}</span>
                <span className={styles.note}>
                  {instantText(Date.parse(lastRejected.at), language)} · {lastRejected.address}
                </span>
              </>
            )}
          </dd>
        </div>
      </dl>
    </article>
  );
}
