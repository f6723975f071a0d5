import { Button, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { RequestFailed } from '../api/fetch_json.ts';
import { refusalText, type StatusWords } from '../i18n/refusal_text.ts';
import { Refused } from '../panels/refused.tsx';
import { useStore } from '../panels/use.ts';
import { FaultList } from './fault_list.tsx';
import styles from './import.module.css';
import { forget, importing, survey } from './importing.ts';
import { reasonText } from './reason_text.ts';

const words: StatusWords = {
  400: 'refused.file_broken_off',
  401: 'act.refused_401',
  403: 'act.refused_403',
  404: 'refused.upload_gone',
  409: 'refused.layer_taken',
  413: 'refused.file_too_large',
  415: 'refused.file_kind',
  429: 'refused.import_busy',
  503: 'refused.import_slow',
};

interface FileLayer {
  readonly name: string;
  readonly count: number;
}

/** Why a step was not done, and what can be done about it. */
export function Failure() {
  const { t } = useTranslation();
  const failure = useStore(importing, (value) => value.failure);
  const id = useStore(importing, (value) => value.id);
  const fields = useStore(importing, (value) => value.survey?.fields.length ?? 0);
  if (failure === null) return null;
  const problem = failure instanceof RequestFailed ? failure.problem : {};
  // Several layers are no fault: one must be chosen.
  if (Array.isArray(problem.layers)) return <FileLayers layers={problem.layers} />;
  if (Array.isArray(problem.faults))
    return (
      <>
        <Refused>{t('import.none_usable')}</Refused>
        <FaultList faults={problem.faults} upload={id} />
      </>
    );
  const { status, code, detail } = failure instanceof RequestFailed ? failure : { status: 0, code: '', detail: '' };
  const text =
    code === 'several_files'
      ? t('import.several_files')
      : status === 422
        ? t('import.unusable', { reason: reasonText(t, detail) })
        : refusalText(t, failure, words);
  return (
    <>
      <Refused>{text}</Refused>
      {id !== null && fields === 0 && (
        <div>
          {passing.includes(status) ? (
            <Button onClick={() => void survey()}>{t('page.retry')}</Button>
          ) : (
            <Button onClick={() => void forget()}>{t('import.another')}</Button>
          )}
        </div>
      )}
    </>
  );
}

/** What may be otherwise in a moment. */
const passing: readonly number[] = [0, 429, 503];

function FileLayers({ layers }: { readonly layers: readonly FileLayer[] }) {
  const { t } = useTranslation();
  const choose = (fileLayer: string) => {
    importing.set(({ wish }) => ({ wish: { ...wish, fileLayer } }));
    void survey();
  };
  return (
    <NativeSelect
      className={styles.wide ?? ''}
      label={t('import.file_layer')}
      value=""
      data={[
        { value: '', label: t('import.choose_one') },
        ...layers.map(({ name, count }) => ({ value: name, label: count < 0 ? name : `${name} (${count})` })),
      ]}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  );
}
