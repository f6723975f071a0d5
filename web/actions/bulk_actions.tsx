import { Button, NativeSelect, Textarea } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedAction } from '../../server/registry/actions/listed.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { ItemsQuery } from '../api/items.ts';
import { numberText } from '../i18n/format.ts';
import { Refused } from '../panels/refused.tsx';
import { useBilingual, useLanguage } from '../panels/use.ts';
import { useFaultText } from '../panels/use_fault_text.ts';
import styles from './actions.module.css';
import { BulkOutcomes, BulkProgress } from './bulk_outcomes.tsx';
import { changedValues, type Field, faultOf, fieldsOf } from './field.ts';
import { SchemaField } from './schema_field.tsx';
import { mostFeatures, useBulk } from './use_bulk.ts';

interface BulkProps {
  readonly layer: CatalogueLayer;
  /** What is listed: the filters of the layer, and what is in view. */
  readonly query: ItemsQuery;
  readonly matched: number;
}

/** What waits for a second person is asked for one by one, and a shape is cut on its own. */
const isForMany = (action: ListedAction) =>
  action.on === 'feature' &&
  action.secondWithin === undefined &&
  !fieldsOf(action, []).some(({ kind }) => kind === 'cut');

/** Does one action with all that is listed: first what would become of each, then what did. */
export function BulkActions({ layer, query, matched }: BulkProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const hasAny = layer.actions.some(isForMany);
  if (!hasAny || matched === 0) return null;
  if (open) return <BulkForm layer={layer} query={query} onClose={() => setOpen(false)} />;
  if (matched > mostFeatures)
    return <p className={styles.text}>{t('bulk.too_many', { formatted: numberText(mostFeatures, language) })}</p>;
  return (
    <Button leftSection={<IconListCheck size="1rem" aria-hidden="true" />} onClick={() => setOpen(true)}>
      {t('bulk.open', { formatted: numberText(matched, language) })}
    </Button>
  );
}

function BulkForm({ layer, query, onClose }: Omit<BulkProps, 'matched'> & { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const actions = layer.actions.filter(isForMany);
  const [name, setName] = useState(actions[0]?.name ?? '');
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({});
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const bulk = useBulk(layer, query);
  const faultText = useFaultText();
  const action = actions.find((each) => each.name === name) ?? actions[0];
  if (!action) return null;
  // A place is nobody else's, and neither is a code.
  const fields = fieldsOf(action, layer.actions).filter(({ key, kind }) => kind !== 'geometry' && key !== 'code');
  const faultIn = (key: string) => {
    const field = fields.find((each) => each.key === key);
    return field && faultOf(field, drafts[key] ?? '');
  };
  const errorOf = (field: Field) => {
    const fault = tried ? faultIn(field.key) : undefined;
    return fault && faultText(fault);
  };
  const needsReason = action.reason === 'required' && reason.trim() === '';
  const isWrong = needsReason || fields.some(({ key }) => faultIn(key));
  const input = changedValues(fields, drafts, {});
  const isEmpty = action.name === 'edit' && Object.keys(input).length === 0;

  function preview(event: SubmitEvent) {
    event.preventDefault();
    setTried(true);
    if (!isWrong) void bulk.preview({ action: action?.name ?? '', input, reason: reason.trim() });
  }
  return (
    <form className={`${styles.form} ${styles.many}`} onSubmit={preview} noValidate aria-label={t('bulk.title')}>
      <h4>{t('bulk.title')}</h4>
      {bulk.tried ? (
        <BulkOutcomes layer={layer} bulk={bulk} tried={bulk.tried} action={action} onClose={onClose} />
      ) : (
        <>
          <NativeSelect
            label={t('bulk.action')}
            value={action.name}
            data={actions.map((each) => ({ value: each.name, label: say(each.title) }))}
            onChange={(event) => {
              setName(event.currentTarget.value);
              setDrafts({});
              setTried(false);
            }}
          />
          {action.confirm && <p className={styles.text}>{say(action.confirm)}</p>}
          {fields.map((field) => (
            <SchemaField
              key={field.key}
              field={field}
              draft={drafts[field.key] ?? ''}
              onDraft={(draft) => setDrafts((all) => ({ ...all, [field.key]: draft }))}
              error={errorOf(field)}
              blank={field.required ? 'none' : 'unchanged'}
            />
          ))}
          <Textarea
            label={t(action.reason === 'required' ? 'act.reason' : 'act.reason_optional')}
            required={action.reason === 'required'}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={tried && needsReason ? t('act.error.required') : undefined}
            maxLength={1000}
            data-field="reason"
            autosize
          />
          <BulkProgress bulk={bulk} />
          <Refused>{bulk.refused}</Refused>
          <div className={styles.buttons}>
            <Button onClick={onClose}>{t('page.back')}</Button>
            <Button type="submit" variant="filled" loading={bulk.busy} disabled={isEmpty}>
              {t('bulk.preview')}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}
