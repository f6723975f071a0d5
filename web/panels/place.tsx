import { useTranslation } from 'react-i18next';
import type { LayerFeature } from '../api/feature.ts';
import { useAreaName } from '../api/items.ts';
import { coordinateText } from '../i18n/format.ts';
import { CopyButton } from './copy_button.tsx';
import { featureBbox, middle } from './feature_bbox.ts';
import styles from './inspector.module.css';

const villageCodeLength = '35.09.01.2001'.length;
const districtCodeLength = '35.09.01'.length;

/** Where a feature is: village and district by name, area code, coordinates to copy. */
export function Place({ feature }: { readonly feature: LayerFeature }) {
  const { t } = useTranslation();
  const code = feature.properties.area_code;
  const area = typeof code === 'string' ? code : undefined;
  const village = useAreaName('village', area?.length === villageCodeLength ? area : undefined);
  const district = useAreaName(
    'district',
    area && area.length >= districtCodeLength ? area.slice(0, districtCodeLength) : undefined,
  );
  const bbox = featureBbox(feature.geometry);
  const coordinates = bbox && coordinateText(middle(bbox));
  return (
    <section>
      <h3>{t('inspector.place')}</h3>
      <dl className={styles.attributes}>
        {village && <Row term={t('inspector.village')}>{village}</Row>}
        {district && <Row term={t('inspector.district')}>{district}</Row>}
        {area && <Row term={t('inspector.area_code')}>{area}</Row>}
        <Row term={t('inspector.coordinates')}>
          {coordinates ? (
            <span className={styles.copied}>
              {coordinates}
              <CopyButton text={coordinates} label={`${t('page.copy')}: ${t('inspector.coordinates')}`} />
            </span>
          ) : (
            <span className={styles.nothing}>{t('inspector.no_place')}</span>
          )}
        </Row>
      </dl>
    </section>
  );
}

/** One term and its value. */
export function Row({ term, children }: { readonly term: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
