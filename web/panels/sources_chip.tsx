import { IconCloudOff, IconRss } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSources } from '../api/sources.ts';
import { shortAge } from '../i18n/age.ts';
import { serverTime } from '../live/server_clock.ts';
import styles from './sources.module.css';
import { sourceState, sourcesTrouble } from './sources_state.ts';
import { openPanel } from './ui.ts';
import { useBilingual, useLanguage, useNow } from './use.ts';

/** What is wrong with the outside feeds, quietly and only then; a click tells the rest. `brief`: a symbol, for a phone. */
export function SourcesChip({ brief = false }: { readonly brief?: boolean }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const now = useNow(10_000);
  const { data, dataUpdatedAt } = useSources();
  const trouble = sourcesTrouble(data?.feeds ?? []);
  if (!trouble) return null;
  const since = Math.max(0, (now - serverTime(dataUpdatedAt)) / 1000);
  const aged = (age: number) => shortAge(age + since, language);
  const words = () => {
    switch (trouble.kind) {
      case 'no_network':
        return trouble.age === null
          ? t('sources.chip_never')
          : t('sources.chip_no_network', { age: aged(trouble.age) });
      case 'many':
        return t('sources.chip_many', { count: trouble.count });
      case 'one': {
        const { title, age } = trouble.feed;
        const what = sourceState(trouble.feed) === 'overdue' ? t('sources.chip_overdue') : t('sources.chip_failed');
        const since = age === null ? t('sources.chip_unheard') : aged(age);
        return `${say(title)}: ${since}, ${what}`;
      }
    }
  };
  const Icon = trouble.kind === 'no_network' ? IconCloudOff : IconRss;
  const why = trouble.kind === 'one' ? (trouble.feed.lastError ?? undefined) : undefined;
  return (
    <button
      type="button"
      className={styles.chip}
      data-sources={trouble.kind}
      title={why ?? t('sources.open')}
      aria-label={`${words()}. ${t('sources.open')}`}
      onClick={() => openPanel('sources')}
    >
      <Icon size="1rem" stroke={1.75} aria-hidden="true" />
      {!brief && <span>{words()}</span>}
    </button>
  );
}
