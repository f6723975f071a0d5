import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import { shortAge } from '../i18n/age.ts';
import { clockText, numberText } from '../i18n/format.ts';
import { serverTime } from '../live/server_clock.ts';
import { pictureTime, standing } from '../live/standing.ts';
import { live, map, pageState } from '../page.ts';
import { useClockError } from './clock_note.tsx';
import { Popping } from './popping.tsx';
import styles from './status_bar.module.css';
import { useLanguage, useNow, useStore } from './use.ts';

/** How live the picture is, how old it is in seconds, and what the tiles are doing. */
export function useConnection() {
  const { dataUpdatedAt, failureCount, isError, data } = useCatalogue();
  const now = useNow(1000);
  const pending = useStore(map.loading, (value) => value.pending > 0);
  const failed = useStore(map.loading, (value) => value.failed);
  const state = useStore(live.state, (value) => value);
  const stands = standing(state, now);
  const unread = isError || failureCount > 0;
  const pictureAt = pictureTime(state, unread ? 0 : serverTime(dataUpdatedAt));
  return {
    stands: unread && stands === 'connecting' ? ('offline' as const) : stands,
    unread,
    age: pictureAt > 0 ? Math.max(0, (now - pictureAt) / 1000) : null,
    failed,
    crowded: state.crowded,
    loading: pending || !data || stands === 'connecting',
  };
}

/** The connection in words, with its details to a click; announced politely when it changes, not at every tick. */
export function Connection({ brief = false }: { readonly brief?: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { stands, unread, age, loading, failed, crowded } = useConnection();
  const picture = age === null ? '–' : shortAge(age, language);
  if (stands === 'offline' || unread) {
    const phrase = unread ? t('catalogue.failed') : crowded ? t('live.crowded') : t('live.lost');
    const told = brief ? 'live.crowded_brief' : 'live.crowded_picture';
    const words = crowded && !unread ? told : 'status.offline';
    return (
      <span className={styles.connection} data-state="offline">
        <span role="status" className="unseen">
          {phrase}
        </span>
        <Details>{age === null ? phrase : t(words, { age: picture })}</Details>
      </span>
    );
  }
  if (stands === 'stale') {
    return (
      <span className={styles.connection} data-state="stale">
        <span role="status" className="unseen">
          {t('live.silent')}
        </span>
        <Details>{t('live.stale', { age: picture })}</Details>
      </span>
    );
  }
  if (failed > 0) {
    return (
      <span className={styles.connection} data-state="failed">
        <span className={styles.dot} />
        <span role="status">{t('status.failed', { formatted: numberText(failed, language) })}</span>
        <Button className={styles.retry ?? ''} size="compact-xs" onClick={retry}>
          {t('page.retry')}
        </Button>
      </span>
    );
  }
  const word = loading ? t('status.loading') : t('status.connected');
  return (
    <span className={styles.connection} data-state={loading ? 'loading' : 'connected'}>
      <Details label={brief ? `${word}, ${t('status.picture', { age: picture })}` : undefined}>
        {brief ? (
          <span>{picture}</span>
        ) : (
          <>
            {word}
            <span className={styles.age}>{t('status.picture', { age: picture })}</span>
          </>
        )}
      </Details>
      {!brief && <Rate />}
      {!brief && <Heard />}
    </span>
  );
}

function retry(): void {
  for (const layer of Object.keys(pageState.get().layers)) map.refresh(layer);
}

function Rate() {
  const { t } = useTranslation();
  const language = useLanguage();
  const rate = useStore(live.rate, ({ perSecond }) => perSecond);
  if (rate === 0) return null;
  return <span className={styles.rate}>{t('live.rate', { formatted: numberText(rate, language) })}</span>;
}

/** The position of the change log that everything was heard up to: two screens that say the same show the same. */
function Heard() {
  const { t } = useTranslation();
  const position = useStore(live.state, (value) => value.position?.split(':').at(-1));
  if (position === undefined) return null;
  return (
    <span className={styles.heard} title={t('live.position')}>
      #{position}
    </span>
  );
}

/** The words as a button that tells the rest. */
function Details({ children, label }: { readonly children: React.ReactNode; readonly label?: string | undefined }) {
  const { t } = useTranslation();
  const words = (
    <>
      <span className={styles.dot} />
      {children}
    </>
  );
  return (
    <Popping
      button={{ className: styles.open, 'aria-label': label, title: t('live.details'), children: words }}
      popover={{ position: 'top-start', shadow: 'md', withinPortal: true, trapFocus: false }}
      dropdown={<DetailList />}
    />
  );
}

function DetailList() {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1000);
  const { age, crowded } = useConnection();
  const state = useStore(live.state, (value) => value);
  const rate = useStore(live.rate, ({ perSecond }) => perSecond);
  const clock = useClockError();
  const rows = [
    [t('live.connection'), t(`live.${standing(state, now)}_word`)],
    [t('live.age'), age === null ? '–' : shortAge(age, language)],
    [t('live.heard'), state.pictureAt === null ? '–' : clockText(state.pictureAt, language)],
    [t('live.changes'), t('live.rate', { formatted: numberText(rate, language) })],
    [t('live.position'), state.position?.split(':').at(-1) ?? '–'],
    [t('live.tab'), t(state.leads ? 'live.leads' : 'live.follows')],
    ...(clock === null ? [] : [[t('live.clock'), clock] as const]),
    ...(state.failures > 0 ? [[t('live.failures'), numberText(state.failures, language)] as const] : []),
  ] as const;
  return (
    <>
      {crowded && <p className={styles.crowded}>{t('live.crowded')}</p>}
      <dl className={styles.details}>
        {rows.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
