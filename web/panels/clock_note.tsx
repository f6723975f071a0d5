import { useTranslation } from 'react-i18next';
import { shortAge } from '../i18n/age.ts';
import { serverClock } from '../live/server_clock.ts';
import styles from './status_bar.module.css';
import { useLanguage, useStore } from './use.ts';

/** Less nobody has to set right. */
const noticeableMs = 60_000;

/** How wrong this computer's clock is, in words; null where that does not matter. The page itself goes by the server's. */
export function useClockError(): string | null {
  const { t } = useTranslation();
  const language = useLanguage();
  const aheadMs = useStore(serverClock, (clock) => clock.aheadMs);
  if (Math.abs(aheadMs) < noticeableMs) return null;
  return t(aheadMs > 0 ? 'live.clock_slow' : 'live.clock_fast', { by: shortAge(Math.abs(aheadMs) / 1000, language) });
}

/** Says in the status bar that this computer's clock is wrong, as long as it is. */
export function ClockNote() {
  const { t } = useTranslation();
  const error = useClockError();
  if (error === null) return null;
  return <span className={styles.clock}>{t('live.clock_note', { error })}</span>;
}
