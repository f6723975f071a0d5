import { Button, FileButton, Progress } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSignedIn } from '../api/catalogue.ts';
import { percentText } from '../i18n/format.ts';
import { ui } from '../panels/ui.ts';
import { useLanguage, useStore } from '../panels/use.ts';
import { Failure } from './failure.tsx';
import styles from './import.module.css';
import { begin, forget, importing, isUnderWay } from './importing.ts';
import { MappingStep } from './mapping_step.tsx';
import { OutcomeStep } from './outcome_step.tsx';
import { useMayImport } from './use_may_import.ts';

/** Bringing a file in, step by step: choose it, say what goes where, see what would happen, do it. */
export function ImportPanel() {
  const { t } = useTranslation();
  const { at, busy, fileName, leaving, survey } = useStore(importing, (value) => value);
  const heading = useRef<HTMLHeadingElement>(null);
  // A new step is a new page: who reads it by ear begins at its top.
  useEffect(() => {
    if (at !== 'choose' && at !== 'send') heading.current?.focus();
  }, [at]);
  const title = at === 'map' && survey === null ? 'read' : at;
  return (
    <div className={styles.panel} data-step={at}>
      <h2 ref={heading} tabIndex={-1}>
        {t(`import.title_${title}`)}
      </h2>
      {fileName !== '' && <p className={styles.file}>{fileName}</p>}
      {leaving && <Leaving />}
      {at === 'choose' && <Choose />}
      {busy !== null && <Busy />}
      <Failure />
      {busy === null && at === 'map' && <MappingStep />}
      {busy === null && (at === 'tried' || at === 'done') && <OutcomeStep />}
      {isUnderWay() && !leaving && (
        <div>
          <Button variant="subtle" color="gray" onClick={() => importing.set({ leaving: true })}>
            {t('import.cancel')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Choose() {
  const { t } = useTranslation();
  const signedIn = useSignedIn();
  const may = useMayImport();
  if (!may)
    return (
      <div className={styles.note}>
        <p>{t(signedIn ? 'import.not_yours' : 'import.sign_in')}</p>
        {!signedIn && <Button onClick={() => ui.set({ dialog: 'sign_in' })}>{t('account.sign_in')}</Button>}
      </div>
    );
  return (
    <div className={styles.choose}>
      <p>{t('import.how')}</p>
      <FileButton multiple onChange={(files) => void begin(files)} inputProps={{ 'aria-label': t('import.choose') }}>
        {(props) => (
          <Button {...props} variant="filled" leftSection={<IconFileImport size="1rem" aria-hidden="true" />}>
            {t('import.choose')}
          </Button>
        )}
      </FileButton>
      <p className={styles.small}>{t('import.formats')}</p>
    </div>
  );
}

function Busy() {
  const { t } = useTranslation();
  const language = useLanguage();
  const busy = useStore(importing, (value) => value.busy);
  const progress = useStore(importing, (value) => value.progress);
  if (busy === null) return null;
  const share = progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : null;
  const label = t(`import.busy_${busy}`);
  return (
    <div className={styles.busy}>
      <span role="status">{label}</span>
      {share !== null && <span className={styles.small}>{percentText(share, language)}</span>}
      <Progress value={(share ?? 1) * 100} animated={share === null} aria-label={label} className={styles.bar ?? ''} />
    </div>
  );
}

function Leaving() {
  const { t } = useTranslation();
  return (
    <div className={styles.leaving} role="alertdialog" aria-label={t('import.leave')}>
      <p>{t('import.leave')}</p>
      <div className={styles.buttons}>
        <Button onClick={() => void forget()}>{t('import.give_up')}</Button>
        <Button autoFocus variant="filled" onClick={() => importing.set({ leaving: false })}>
          {t('import.stay')}
        </Button>
      </div>
    </div>
  );
}
