import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { useCatalogue } from '../api/catalogue.ts';
import styles from './demo_banner.module.css';
import { Popping } from './popping.tsx';
import { useBilingual } from './use.ts';

const from = (source: string) => (layer: CatalogueLayer) => (layer.sources[source] ?? 0) > 0;

/** Says on the map that what it shows is simulated or schematic, as long as any of it is. */
export function DemoBanner() {
  const { t } = useTranslation();
  const layers = useCatalogue().data?.layers ?? [];
  const demo = layers.filter(from('demo'));
  const schematic = layers.filter(from('schematic'));
  if (demo.length === 0 && schematic.length === 0) return null;
  const words =
    demo.length === 0
      ? t('banner.schematic_only')
      : [t('banner.demo'), ...(schematic.length > 0 ? [t('banner.schematic')] : [])].join(' · ');
  const button = (
    <>
      <IconInfoCircle size="1rem" aria-hidden="true" />
      {words}
    </>
  );
  const why = (
    <>
      {demo.length > 0 && <Explanation text={t('banner.demo_text')} layers={demo} />}
      {schematic.length > 0 && (
        <>
          <p>{t('banner.schematic_text')}</p>
          <code>npm run import -- {schematic[0]?.id} &lt;file&gt;</code>
        </>
      )}
    </>
  );
  return (
    <Popping
      button={{ className: styles.banner, children: button }}
      popover={{ position: 'bottom-start', width: '22rem', withArrow: true }}
      className={styles.why}
      label={t('banner.why')}
      dropdown={why}
    />
  );
}

function Explanation({ text, layers }: { readonly text: string; readonly layers: readonly CatalogueLayer[] }) {
  const { t } = useTranslation();
  const say = useBilingual();
  return (
    <p>
      {text}{' '}
      <span className={styles.layers}>
        {t('banner.affected', { layers: layers.map(({ title }) => say(title)).join(', ') })}
      </span>
    </p>
  );
}
