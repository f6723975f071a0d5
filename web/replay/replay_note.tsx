import { useTranslation } from 'react-i18next';
import { replay } from '../page.ts';
import { useStore } from '../panels/use.ts';
import styles from './replay_frame.module.css';

/** Says beside what is live that it is, while the map shows another time. */
export function ReplayNote() {
  const { t } = useTranslation();
  const open = useStore(replay.state, (value) => value.open);
  return open ? (
    <p className={styles.note} role="note">
      {t('replay.panel_is_now')}
    </p>
  ) : null;
}
