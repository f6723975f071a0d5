import { Button, Checkbox, Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OneOutcome } from '../../server/registry/actions/bulk.ts';
import type { ListedAction } from '../../server/registry/actions/listed.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { numberText } from '../i18n/format.ts';
import { problemText } from '../i18n/refusal_text.ts';
import { Refused } from '../panels/refused.tsx';
import { useLanguage } from '../panels/use.ts';
import { actWords } from './act_words.ts';
import styles from './actions.module.css';
import type { ToldOfMany } from './send_to_many.ts';
import type { Bulk } from './use_bulk.ts';

interface OutcomesProps {
  readonly layer: CatalogueLayer;
  readonly bulk: Bulk;
  readonly tried: ToldOfMany;
  readonly action: ListedAction;
  readonly onClose: () => void;
}

/** What would become of each feature, or what did; those that were refused first. */
export function BulkOutcomes({ layer, bulk, tried, action, onClose }: OutcomesProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { preview, done, unchanged, refused, results, features } = tried;
  const { undone } = bulk;
  const stays = ({ id }: OneOutcome) => typeof undone.get(id) === 'string';
  const rank = (each: OneOutcome) => (stays(each) ? -1 : ['refused', 'done', 'unchanged'].indexOf(each.outcome));
  const takenBack = [...undone.values()].filter((why) => why === null).length;
  const nameOf = (id: number) => String(features.get(id)?.properties[layer.name] ?? id);
  const able = done - bulk.leftOut.size;
  const counts = {
    done: numberText(done, language),
    unchanged: numberText(unchanged, language),
    refused: numberText(refused, language),
  };
  return (
    <>
      <p className={styles.text} role="status">
        {t(preview ? 'bulk.would' : 'bulk.did', counts)}
      </p>
      <ul className={styles.outcomes}>
        {results
          .toSorted((a, b) => rank(a) - rank(b))
          .map((each) => (
            <li key={each.id} data-outcome={stays(each) ? 'refused' : each.outcome}>
              {preview && each.outcome === 'done' ? (
                <Checkbox
                  label={nameOf(each.id)}
                  checked={!bulk.leftOut.has(each.id)}
                  onChange={() => bulk.toggle(each.id)}
                />
              ) : (
                <span>{nameOf(each.id)}</span>
              )}
              <span className={styles.term}>{outcomeText(each)}</span>
            </li>
          ))}
      </ul>
      <Refused>{bulk.refused}</Refused>
      <BulkProgress bulk={bulk} />
      {undone.size > 0 && (
        <p className={styles.text} role="status">
          {t('bulk.undone', {
            formatted: numberText(takenBack, language),
            stay: numberText(undone.size - takenBack, language),
          })}
        </p>
      )}
      <div className={styles.buttons}>
        {preview ? (
          <>
            <Button onClick={bulk.back}>{t('page.back')}</Button>
            <Button variant="filled" loading={bulk.busy} disabled={able === 0} onClick={() => void bulk.perform()}>
              {t('bulk.perform', { formatted: numberText(able, language) })}
            </Button>
          </>
        ) : (
          <>
            {!action.final && takenBack < done && (
              <Button loading={bulk.busy} onClick={() => void bulk.undo()}>
                {t(undone.size > 0 ? 'bulk.undo_again' : 'bulk.undo')}
              </Button>
            )}
            <Button variant="filled" onClick={onClose}>
              {t('page.close')}
            </Button>
          </>
        )}
      </div>
    </>
  );

  function outcomeText({ id, outcome, problem }: OneOutcome): string {
    const why = undone.get(id);
    if (why === null) return t('bulk.outcome_undone');
    if (why !== undefined) return t('act.undo_failed', { reason: why });
    if (outcome === 'unchanged') return t('bulk.outcome_unchanged');
    if (preview && bulk.leftOut.has(id)) return t('bulk.outcome_left_out');
    if (outcome === 'done') return t(preview ? 'bulk.outcome_would' : 'bulk.outcome_done');
    return problem ? problemText(t, problem, actWords) : '';
  }
}

/** How far it is, while many are sent. */
export function BulkProgress({ bulk }: { readonly bulk: Bulk }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (!bulk.progress || bulk.progress.of === 0) return null;
  const { count, of } = bulk.progress;
  const text = t('bulk.progress', { done: numberText(count, language), all: numberText(of, language) });
  return (
    <div>
      <span className={styles.term}>{text}</span>
      <Progress value={(count / of) * 100} aria-label={text} />
    </div>
  );
}
