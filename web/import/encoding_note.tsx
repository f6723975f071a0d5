import { useTranslation } from 'react-i18next';
import { useStore } from '../panels/use.ts';
import styles from './import.module.css';
import { importing } from './importing.ts';

/** Says that the encoding of the file's text was guessed: somebody has to look at its letters. */
export function EncodingNote() {
  const { t } = useTranslation();
  const encoding = useStore(importing, (value) => value.survey?.encoding);
  return encoding === 'windows-1252' ? <p className={styles.note}>{t('import.windows_1252')}</p> : null;
}
