import { useTranslation } from 'react-i18next';
import { clockText, coordinateText, numberText } from '../i18n/format.ts';
import { map } from '../page.ts';
import { ClockNote } from './clock_note.tsx';
import { Connection, useConnection } from './connection.tsx';
import { SourcesChip } from './sources_chip.tsx';
import styles from './status_bar.module.css';
import { useLanguage, useNow, useStore } from './use.ts';

/** The bottom line: is the picture true, how old is it, where is the pointer, what time is it. */
export function StatusBar({ wall }: { readonly wall: boolean }) {
  const { stands, unread } = useConnection();
  const offline = stands === 'offline' || unread;
  return (
    <footer className={styles.bar} data-offline={offline} data-stale={stands === 'stale'}>
      <Connection />
      <SourcesChip />
      <ClockNote />
      <span className={styles.space} />
      <Scale />
      {!wall && <PointerPlace />}
      {!wall && <Clock />}
    </footer>
  );
}

/** The scale as a fraction, at the 0.28 mm pixel of OGC's standard screen. */
const pixelMetres = 0.00028;

function Scale() {
  const { t } = useTranslation();
  const language = useLanguage();
  const metres = useStore(map.scale, (value) => value.metresPerPixel);
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(metres / pixelMetres)) - 1);
  const fraction = Math.round(metres / pixelMetres / digits) * digits;
  return (
    <span className={styles.wide} title={t('status.scale')}>
      1:{numberText(fraction, language)}
    </span>
  );
}

function PointerPlace() {
  const { t } = useTranslation();
  const place = useStore(map.pointer, (value) => value.lonLat);
  return (
    <span className={styles.place} title={t('status.pointer')}>
      {place ? coordinateText(place) : ''}
    </span>
  );
}

function Clock() {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1000);
  return <time title={t('status.clock')}>{clockText(now, language)}</time>;
}
