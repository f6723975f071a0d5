import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { ageText } from '../i18n/age.ts';
import { useLanguage, useNow } from '../panels/use.ts';
import styles from './actions.module.css';
import { type Conflict, changedSince } from './submit_act.ts';
import { ShownValue, useTitleOf } from './value_change.tsx';

interface ConflictProps {
  readonly layer: CatalogueLayer;
  readonly base: LayerFeature;
  readonly conflict: Conflict;
  readonly mine: Readonly<Record<string, unknown>>;
  readonly busy: boolean;
  readonly onTheirs: () => void;
  readonly onMine: () => void;
}

/** Who was faster, what they changed, and the choice between theirs and one's own. */
export function ConflictNotice({ layer, base, conflict, mine, busy, onTheirs, onMine }: ConflictProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1000);
  const titleOf = useTitleOf(layer);
  const { fresh, changes, overlap } = conflict;
  const theirs = new Set([...overlap, ...changes.flatMap(({ attributes }) => attributes)]);
  const shown = changedSince(base, fresh).filter((key) => theirs.has(key));
  const valueOfKey = (feature: LayerFeature, key: string) =>
    key === 'geometry' ? feature.geometry : feature.properties[key];
  return (
    <div className={styles.conflict} role="alert">
      <h4>{t('act.conflict')}</h4>
      <ul>
        {changes.map(({ by, at, version }) => (
          <li key={version}>
            {t('act.conflict_by', {
              name: by ?? t('act.somebody'),
              age: ageText((now - Date.parse(at)) / 1000, language),
            })}
          </li>
        ))}
        {changes.length === 0 && <li>{t('act.device')}</li>}
      </ul>
      {shown.map((key) => (
        <div key={key} data-conflict={key}>
          <span className={styles.term}>{titleOf(key)}</span>
          <dl className={styles.sides}>
            <dt>{t('act.theirs')}</dt>
            <dd>
              <ShownValue layer={layer} name={key} value={valueOfKey(fresh, key)} />
            </dd>
            {key in mine && (
              <>
                <dt>{t('act.mine')}</dt>
                <dd>
                  <ShownValue layer={layer} name={key} value={mine[key]} />
                </dd>
              </>
            )}
          </dl>
        </div>
      ))}
      <div className={styles.buttons}>
        <Button disabled={busy} onClick={onTheirs}>
          {t('act.take_theirs')}
        </Button>
        <Button variant="filled" loading={busy} onClick={onMine}>
          {t('act.put_mine')}
        </Button>
      </div>
    </div>
  );
}
