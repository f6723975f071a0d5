import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../server/audit/verify.ts';
import { fetchJson } from '../api/fetch_json.ts';
import { numberText } from '../i18n/format.ts';
import { useLanguage } from '../panels/use.ts';
import { useSending } from '../panels/use_sending.ts';
import styles from './audit.module.css';

/** Recomputes the chain of the trail and says whether it is whole. */
export function ChainCheck() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { busy, refused, run } = useSending();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const check = () => run(async () => setVerdict(await fetchJson<Verdict>('/api/audit/verify')));
  const words = () => {
    if (refused !== null) return t('audit.failed');
    if (verdict === null) return t('audit.note');
    if (verdict.broken) return t('audit.broken', { n: verdict.broken.n });
    return t('audit.whole', { formatted: numberText(verdict.entries, language), head: verdict.head });
  };
  return (
    <p className={styles.note}>
      <Button loading={busy} onClick={() => void check()}>
        {t('audit.verify')}
      </Button>
      <span role="status">{words()}</span>
    </p>
  );
}
