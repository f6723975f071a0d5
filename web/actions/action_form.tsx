import { Button, Textarea } from '@mantine/core';
import type { Geometry } from 'geojson';
import { type KeyboardEvent, type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedAction } from '../../server/registry/actions/listed.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { Refused } from '../panels/refused.tsx';
import { useBilingual } from '../panels/use.ts';
import { useFaultText } from '../panels/use_fault_text.ts';
import styles from './actions.module.css';
import { ConflictNotice } from './conflict_notice.tsx';
import { CutField } from './cut_field.tsx';
import { changedValues, draftOf, type Fault, faultOf, fieldsOf } from './field.ts';
import { PlaceField } from './place_field.tsx';
import { SchemaField } from './schema_field.tsx';
import { useActing } from './use_acting.ts';
import { useFormFocus } from './use_form_focus.ts';
import { ValueChanges } from './value_change.tsx';

interface ActionFormProps {
  readonly layer: CatalogueLayer;
  /** Null: it is being added. */
  readonly feature: LayerFeature | null;
  readonly action: ListedAction;
  readonly onClose: () => void;
}

type Drafts = Readonly<Record<string, string>>;

/** What a feature is before it is added. */
const nothingYet: LayerFeature = { type: 'Feature', id: 0, geometry: null, properties: {} };

/** The form of an action, made from its schema; it keeps to the feature as it was when it was opened. */
export function ActionForm({ layer, feature, action, onClose }: ActionFormProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const faultText = useFaultText();
  const fields = fieldsOf(action, layer.actions);
  const isEdit = action.name === 'edit';
  const isNew = feature === null;
  const firstOf = (of: LayerFeature): Drafts =>
    Object.fromEntries(fields.map((field) => [field.key, isEdit ? draftOf(field, of.properties[field.key]) : '']));

  const [base, setBase] = useState(feature ?? nothingYet);
  const [first, setFirst] = useState(() => firstOf(base));
  const [drafts, setDrafts] = useState(first);
  const [geometry, setGeometry] = useState<Geometry | null>();
  const [cut, setCut] = useState<Geometry | null>(null);
  const [reason, setReason] = useState('');
  const [faults, setFaults] = useState<Readonly<Record<string, Fault>>>({});
  const acting = useActing(layer, action, onClose);
  const form = useFormFocus();

  const changed = changedValues(fields, drafts, first);
  const input = { ...changed, ...(geometry !== undefined && { geometry }), ...(cut && { cut }) };
  const isEmpty = isEdit && Object.keys(input).length === 0;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const found = Object.fromEntries(
      fields.flatMap((field) => {
        // In an edit only what is changed is sent, and so only that is checked.
        if (isEdit && !(field.key in changed)) return [];
        if (field.kind === 'cut') return cut ? [] : [[field.key, { code: 'required' }] as const];
        const fault = field.kind === 'geometry' ? undefined : faultOf(field, drafts[field.key] ?? '');
        return fault ? [[field.key, fault] as const] : [];
      }),
    );
    if (action.reason === 'required' && reason.trim() === '') found.reason = { code: 'required' };
    setFaults(found);
    if (Object.keys(found).length === 0)
      void acting.submit({ input, reason: reason.trim(), base: isNew ? null : base });
    else form.toFirstFault();
  }
  /** What both changed becomes theirs, the rest stays mine. */
  function takeTheirs() {
    const { conflict } = acting;
    if (!conflict) return;
    acting.forget();
    if (!isEdit) return onClose();
    const fresh = firstOf(conflict.fresh);
    const mine = Object.entries(drafts).filter(
      ([key, draft]) => draft !== first[key] && !conflict.overlap.includes(key),
    );
    setBase(conflict.fresh);
    setFirst(fresh);
    setDrafts({ ...fresh, ...Object.fromEntries(mine) });
    if (conflict.overlap.includes('geometry')) setGeometry(undefined);
  }
  const errorOf = (key: string) => {
    const fault = faults[key];
    return fault ? faultText(fault) : acting.errorAt(key);
  };

  return (
    <form
      className={styles.form}
      ref={form.ref}
      onSubmit={submit}
      noValidate
      aria-label={say(action.title)}
      data-action={action.name}
      onKeyDown={(event: KeyboardEvent<HTMLFormElement>) => {
        // In a text of several lines Enter begins the next one.
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        // Escape leaves the form; what lies behind it stays open.
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <h4>{say(action.title)}</h4>
      {action.description && <p className={styles.text}>{say(action.description)}</p>}
      {action.secondWithin !== undefined && (
        <p className={styles.text}>{t('second.needed', { minutes: action.secondWithin })}</p>
      )}
      {action.confirm && <p className={styles.text}>{say(action.confirm)}</p>}
      {fields.map((field) =>
        field.kind === 'geometry' ? (
          <PlaceField
            key={field.key}
            layer={layer}
            feature={isNew ? null : base.id}
            geometry={geometry === undefined ? base.geometry : geometry}
            onGeometry={setGeometry}
            error={errorOf(field.key)}
          />
        ) : field.kind === 'cut' ? (
          <CutField
            key={field.key}
            layer={layer}
            feature={base}
            action={action.name}
            onCut={setCut}
            error={errorOf(field.key)}
          />
        ) : (
          <SchemaField
            key={field.key}
            field={field}
            draft={drafts[field.key] ?? ''}
            onDraft={(draft) => setDrafts((all) => ({ ...all, [field.key]: draft }))}
            error={errorOf(field.key)}
            placeholder={isEdit ? '' : draftOf(field, base.properties[field.key])}
            blank={isEdit || isNew || field.required ? 'none' : 'unchanged'}
          />
        ),
      )}
      <Textarea
        label={t(action.reason === 'required' ? 'act.reason' : 'act.reason_optional')}
        required={action.reason === 'required'}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={errorOf('reason')}
        maxLength={1000}
        data-field="reason"
        autosize
      />
      {isEmpty && <p className={styles.text}>{t('act.nothing_changed')}</p>}
      {isEdit && !isEmpty && (
        <section aria-label={t('act.changes')}>
          <ValueChanges layer={layer} before={only(base, Object.keys(input))} after={input} />
        </section>
      )}
      {acting.conflict ? (
        <ConflictNotice
          layer={layer}
          base={base}
          conflict={acting.conflict}
          mine={input}
          busy={acting.busy}
          onTheirs={takeTheirs}
          onMine={() => {
            const { fresh } = acting.conflict!; // it is shown
            void acting.submit({ input, reason: reason.trim(), base: fresh });
          }}
        />
      ) : (
        <>
          <Refused>{acting.refusedBeside(['reason', ...fields.map(({ key }) => key)])}</Refused>
          <div className={styles.buttons}>
            <Button onClick={onClose}>{t('page.back')}</Button>
            <Button type="submit" variant="filled" loading={acting.busy} disabled={isEmpty}>
              {isEdit ? t('act.save') : action.secondWithin ? t('second.ask') : say(action.title)}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}

/** What a feature has now of what changes. */
function only({ properties, geometry }: LayerFeature, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, key === 'geometry' ? geometry : properties[key]]));
}
