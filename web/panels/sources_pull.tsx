import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FeedReport } from '../../server/ingest/pull/feed_reports.ts';
import { RequestFailed } from '../api/fetch_json.ts';
import { pullSource } from '../api/sources.ts';
import { numberText } from '../i18n/format.ts';
import styles from './sources.module.css';
import { useBilingual, useLanguage } from './use.ts';

/** Has the feed asked now, shows that it is, and says what came of it. */
export function SourcePull({ feed }: { readonly feed: FeedReport }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const { asked, refused, done, ask } = usePull(feed);
  const busy = asked || feed.pulling;
  return (
    <div className={styles.acts}>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconRefresh size="1rem" aria-hidden="true" />}
        disabled={feed.paused}
        loading={busy}
        onClick={() => void ask()}
        aria-label={t('sources.pull_feed', { feed: say(feed.title) })}
      >
        {t('sources.pull')}
      </Button>
      <span role="status" className={styles.told}>
        {busy ? t('sources.pulling') : refused === null ? done && <Result feed={feed} /> : refused}
      </span>
    </div>
  );
}

function Result({ feed: { failures, failure, lastResult } }: { readonly feed: FeedReport }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (failures > 0) return t(`sources.failure_${failure ?? 'unusable'}`);
  const { added = 0, changed = 0, ended = 0, faults = 0 } = lastResult ?? {};
  const broken = faults > 0 ? `, ${t('sources.broken', { formatted: numberText(faults, language) })}` : '';
  if (added + changed + ended === 0) return `${t('sources.nothing_new')}${broken}`;
  const counts = { added: numberText(added, language), changed: numberText(changed, language) };
  return `${t('sources.pulled', { ...counts, ended: numberText(ended, language) })}${broken}`;
}

/** A pull that was asked for is over when the feed ran since and does not any more. */
function usePull({ id, lastRun, pulling }: FeedReport) {
  const { t } = useTranslation();
  const [before, setBefore] = useState<{ readonly lastRun: string | null } | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [done, setDone] = useState(false);
  const over = before !== null && before.lastRun !== lastRun && !pulling;
  useEffect(() => {
    if (!over) return;
    setBefore(null);
    setDone(true);
  }, [over]);
  const ask = async () => {
    setRefused(null);
    setDone(false);
    setBefore({ lastRun });
    await pullSource(id).catch((error: Error) => {
      setBefore(null);
      const tooSoon = error instanceof RequestFailed && error.status === 429;
      setRefused(tooSoon ? t('sources.too_soon') : t('sources.not_pulled', { reason: error.message }));
    });
  };
  return { asked: before !== null && !over, refused, done, ask };
}
