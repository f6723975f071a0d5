import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '../../server/registry/actions/history.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { useSignedIn } from '../api/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { fetchJson } from '../api/fetch_json.ts';
import { Instant } from '../panels/attribute_list.tsx';
import { Refused } from '../panels/refused.tsx';
import { useBilingual } from '../panels/use.ts';
import styles from './actions.module.css';
import { actAddress } from './send_act.ts';
import { usePossible } from './use_possible.ts';
import { ValueChanges } from './value_change.tsx';

interface HistoryProps {
  readonly layer: CatalogueLayer;
  readonly feature: LayerFeature;
}

/** Who changed what of the feature, and when; read when it is asked for, because reading it is written down too. */
export function FeatureHistory({ layer, feature }: HistoryProps) {
  const { t } = useTranslation();
  const signedIn = useSignedIn();
  const { data } = usePossible(layer, feature, signedIn);
  const [shown, setShown] = useState(false);
  if (!data?.history) return null;
  return (
    <section>
      <h3>{t('history.title')}</h3>
      <Button onClick={() => setShown(!shown)} aria-expanded={shown}>
        {t(shown ? 'history.hide' : 'history.show')}
      </Button>
      {shown && <Entries layer={layer} feature={feature} />}
    </section>
  );
}

function Entries({ layer, feature }: HistoryProps) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ['history', layer.id, feature.id],
    queryFn: ({ signal }) =>
      fetchJson<{ entries: readonly HistoryEntry[] }>(actAddress(layer.id, feature.id, 'history'), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <Refused>{t('history.failed')}</Refused>;
  if (!data) return <p className={styles.text}>{t('status.loading')}</p>;
  if (data.entries.length === 0) return <p className={styles.text}>{t('history.empty')}</p>;
  return (
    <ol className={styles.entries} style={{ marginTop: '0.75rem' }}>
      {data.entries.map((entry) => (
        <Entry key={entry.id} layer={layer} entry={entry} />
      ))}
    </ol>
  );
}

function Entry({ layer, entry }: { readonly layer: CatalogueLayer; readonly entry: HistoryEntry }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const { at, by, removed, action, title, before, after, reason, file, undoes } = entry;
  return (
    <li data-entry={entry.id}>
      <span className={styles.entryHead}>
        <strong>{by ?? t(removed ? 'audit.removed_person' : 'act.somebody')}</strong>
        <span>{title ? say(title) : action}</span>
      </span>
      <span className={styles.term}>
        <Instant time={Date.parse(at)} />
      </span>
      {/* All that was there, or is there, is no change to read. */}
      {action !== 'delete' && action !== 'restore' && <ValueChanges layer={layer} before={before} after={after} />}
      {file !== null && <span className={styles.term}>{t('history.file', { file })}</span>}
      {reason !== null && undoes === null && <span className={styles.term}>{t('history.reason', { reason })}</span>}
    </li>
  );
}
