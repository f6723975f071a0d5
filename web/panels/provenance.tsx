import { Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { featureAddress, type LayerFeature } from '../api/feature.ts';
import { useSources } from '../api/sources.ts';
import type { PageState } from '../state.ts';
import { Instant } from './attribute_list.tsx';
import styles from './inspector.module.css';
import { Row } from './place.tsx';
import { useBilingual } from './use.ts';

/** Where a feature comes from, when its row last changed, and its address in the open data. */
export function Provenance({
  feature,
  selected,
}: {
  readonly feature: LayerFeature;
  readonly selected: NonNullable<PageState['selected']>;
}) {
  const { t } = useTranslation();
  const { source, agency, updated_at: updated, version } = feature.properties;
  return (
    <section>
      <h3>{t('inspector.provenance')}</h3>
      <dl className={styles.attributes}>
        <Row term={t('inspector.source')}>{typeof source === 'string' ? <Source source={source} /> : <Nothing />}</Row>
        <Row term={t('inspector.agency')}>{typeof agency === 'string' && agency !== '' ? agency : <Nothing />}</Row>
        {typeof updated === 'string' && (
          <Row term={t('inspector.row_updated')}>
            <Instant time={Date.parse(updated)} />
          </Row>
        )}
        {typeof version === 'number' && <Row term={t('inspector.version')}>{version}</Row>}
      </dl>
      <div className={styles.acts}>
        <Button
          component="a"
          href={featureAddress(selected)}
          target="_blank"
          rel="noopener"
          rightSection={<IconExternalLink size="1rem" />}
        >
          {t('inspector.item')}
        </Button>
      </div>
    </section>
  );
}

function Nothing() {
  const { t } = useTranslation();
  return <span className={styles.nothing}>{t('page.no_data')}</span>;
}

function Source({ source }: { readonly source: string }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const feed = useSources().data?.feeds.find(({ id }) => source === `feed:${id}`);
  if (source === 'demo' || source === 'schematic') return <span className={styles.demo}>{t(`source.${source}`)}</span>;
  if (source === 'operator') return t('source.operator');
  if (source.startsWith('feed:')) return feed ? say(feed.title) : source;
  if (source.startsWith('import:')) return t('source.import', { file: source.slice('import:'.length) });
  return source;
}
