import { IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import { ageText } from '../i18n/age.ts';
import { replay } from '../page.ts';
import { useBilingual, useLanguage, useNow, usePage, useStore } from '../panels/use.ts';
import styles from './replay_frame.module.css';
import { thenText } from './replay_time.ts';

/** A frame around the map and a band over it that say that this is not now, as long as it is not. */
export function ReplayFrame() {
  const open = useStore(replay.state, (value) => value.open);
  return open ? <Frame /> : null;
}

function Frame() {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1000);
  const at = useStore(replay.state, (value) => value.at);
  return (
    <div className={styles.frame} data-replay="">
      <div className={styles.band}>
        <strong className={styles.word}>
          <IconHistory size="1.25em" stroke={2} aria-hidden="true" />
          {t('replay.not_now')}
        </strong>
        <span className={styles.time}>{thenText(at, language)}</span>
        <span className={styles.ago}>{ageText((now - at) / 1000, language)}</span>
        <Layers />
      </div>
    </div>
  );
}

/** Which layers show that moment, and which show now. */
function Layers() {
  const { t } = useTranslation();
  const say = useBilingual();
  const catalogue = useCatalogue().data?.layers ?? [];
  const shown = usePage('layers');
  const replayed = useStore(replay.state, (value) => value.layers);
  const loading = useStore(replay.state, (value) => value.loading);
  const names = (ids: (id: string) => boolean) =>
    catalogue
      .filter(({ id }) => shown[id] && ids(id))
      .map(({ title }) => say(title))
      .join(', ');
  const now = names((id) => !replayed.includes(id));
  const then = names((id) => replayed.includes(id));
  return (
    <span className={styles.layers}>
      {then !== ''
        ? t('replay.layers', { layers: then })
        : loading.length > 0
          ? t('replay.loading')
          : t('replay.nothing')}
      {now !== '' && ` · ${t('replay.others', { layers: now })}`}
    </span>
  );
}
