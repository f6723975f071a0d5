import { Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FeedReport } from '../../server/ingest/pull/feed_reports.ts';
import { useLayer } from '../api/catalogue.ts';
import { pauseSource } from '../api/sources.ts';
import { ageText, shortAge } from '../i18n/age.ts';
import { instantText, numberText } from '../i18n/format.ts';
import styles from './sources.module.css';
import { SourceFaults } from './sources_faults.tsx';
import { SourcePull } from './sources_pull.tsx';
import { sourceState } from './sources_state.ts';
import { useBilingual, useLanguage, useNow } from './use.ts';

/** One outside feed: when it was heard, what it brought, why it fails, when it is asked again. */
export function SourceCard({ feed, manage }: { readonly feed: FeedReport; readonly manage: boolean }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const state = sourceState(feed);
  const title = say(feed.title);
  return (
    <article className={styles.card} data-feed={feed.id} data-state={state} aria-label={title}>
      <header className={styles.head}>
        <span className={styles.dot} aria-hidden="true" />
        <h4>{title}</h4>
        {manage && <FeedSwitch feed={feed} />}
      </header>
      <p className={styles.state}>
        {t(`sources.state_${state}`)}
        <Heard feed={feed} />
      </p>
      {feed.enabled && feed.failures > 0 && <Failure feed={feed} />}
      {state === 'overdue' && (
        <div className={styles.failure}>
          <p>{t('sources.overdue_why')}</p>
        </div>
      )}
      {feed.enabled ? (
        <Facts feed={feed} />
      ) : (
        <p className={styles.note}>
          {t('sources.not_named')} <code>FEEDS={feed.id}</code>
        </p>
      )}
      {manage && <SourcePull feed={feed} />}
      {feed.faults && feed.faults.length > 0 && <SourceFaults faults={feed.faults} />}
    </article>
  );
}

/** How long ago it was heard, going on. */
function Heard({ feed: { lastSuccess } }: { readonly feed: FeedReport }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1000);
  if (lastSuccess === null) return null;
  return <> · {t('sources.heard', { age: ageText((now - Date.parse(lastSuccess)) / 1000, language) })}</>;
}

function Failure({ feed: { failure, failures, lastError, lastFailure } }: { readonly feed: FeedReport }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <div className={styles.failure}>
      <p>{t(`sources.failure_${failure ?? 'unusable'}`)}</p>
      {lastError && <p className={styles.reason}>{lastError}</p>}
      <p className={styles.note}>
        {lastFailure && `${instantText(Date.parse(lastFailure.at), language)} · `}
        {t('sources.in_a_row', { count: failures, formatted: numberText(failures, language) })}
      </p>
    </div>
  );
}

function Facts({ feed }: { readonly feed: FeedReport }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const layer = useLayer(feed.layer);
  const { lastSuccess, lastResult, lastFailure, failures } = feed;
  const there = layer?.sources[`feed:${feed.id}`] ?? 0;
  return (
    <dl className={styles.facts}>
      <Fact term={t('sources.layer')}>
        {say(feed.layerTitle)} · {t('sources.rows', { formatted: numberText(there, language) })}
      </Fact>
      {lastSuccess && <Fact term={t('sources.last_heard')}>{instantText(Date.parse(lastSuccess), language)}</Fact>}
      <Fact term={t('sources.next')}>
        <Next feed={feed} />
      </Fact>
      {lastResult && (
        <Fact term={t('sources.brought')}>
          {t('sources.result', {
            records: numberText(lastResult.records, language),
            added: numberText(lastResult.added, language),
            changed: numberText(lastResult.changed, language),
            ended: numberText(lastResult.ended, language),
          })}
          {lastResult.elsewhere > 0 && (
            <>, {t('sources.elsewhere', { formatted: numberText(lastResult.elsewhere, language) })}</>
          )}
          {lastResult.faults > 0 && (
            <>, {t('sources.broken', { formatted: numberText(lastResult.faults, language) })}</>
          )}
        </Fact>
      )}
      {lastFailure && failures === 0 && (
        <Fact term={t('sources.last_failure')}>
          {instantText(Date.parse(lastFailure.at), language)}
          <span className={styles.reason}>{lastFailure.reason}</span>
        </Fact>
      )}
      <Fact term={t('sources.from')}>{feed.attribution}</Fact>
    </dl>
  );
}

/** When it is asked next, counting down, and how often when all is well. */
function Next({ feed: { nextRun, everyMinutes, pulling } }: { readonly feed: FeedReport }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1000);
  const often = t('sources.every', { formatted: numberText(everyMinutes, language) });
  if (pulling) return <>{t('sources.pulling')}</>;
  if (nextRun === null) return <>–</>;
  const left = (Date.parse(nextRun) - now) / 1000;
  return (
    <>
      {left > 1 ? t('sources.in', { age: shortAge(left, language) }) : t('sources.due')} · {often}
    </>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function FeedSwitch({ feed: { id, paused, title } }: { readonly feed: FeedReport }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const [changing, setChanging] = useState(false);
  const change = async (on: boolean) => {
    setChanging(true);
    await pauseSource(id, !on).catch((error: Error) =>
      notifications.show({ message: t('sources.not_switched', { reason: error.message }), color: 'yellow' }),
    );
    setChanging(false);
  };
  return (
    <Switch
      size="sm"
      checked={!paused}
      disabled={changing}
      aria-label={t('sources.switch', { feed: say(title) })}
      onChange={(event) => void change(event.currentTarget.checked)}
    />
  );
}
