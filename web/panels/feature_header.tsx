import { Button } from '@mantine/core';
import { IconCurrentLocation, IconFocusCentered } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { ageText } from '../i18n/age.ts';
import { instantText } from '../i18n/format.ts';
import { type Freshness, freshness, staleAfter } from '../map/freshness.ts';
import { pointLook } from '../map/point_look.ts';
import { tileProperties } from '../map/tile_properties.ts';
import { map } from '../page.ts';
import { featureBbox } from './feature_bbox.ts';
import { flyTo } from './fly_to.ts';
import styles from './inspector.module.css';
import { LayerSymbol } from './layer_symbol.tsx';
import { severityOf } from './severity.ts';
import { PointSymbol, StateDot } from './symbol.tsx';
import { useBilingual, useLanguage, useNow, useStore } from './use.ts';

interface FeatureProps {
  readonly layer: CatalogueLayer;
  readonly feature: LayerFeature;
}

/** What it is, whose it is, in which state, and how old that knowledge is. */
export function FeatureHeader({ layer, feature }: FeatureProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const { code, agency } = feature.properties;
  const name = feature.properties[layer.name];
  const title = typeof name === 'string' && name !== '' ? name : `${say(layer.title)} ${feature.id}`;
  const bbox = featureBbox(feature.geometry);
  const age = useFeatureAge(layer, feature);
  return (
    <div className={styles.header}>
      <div className={styles.kind}>
        {layer.geometry.endsWith('Point') ? (
          <FeatureSymbol layer={layer} feature={feature} />
        ) : (
          <LayerSymbol layer={layer} />
        )}
        <span>{say(layer.title)}</span>
      </div>
      <h2 className={styles.name}>{title}</h2>
      <p className={styles.ids}>
        {[code, agency].filter((part) => typeof part === 'string' && part !== '').join(' · ')}
      </p>
      <StateBadge layer={layer} feature={feature} />
      <p className={styles.age} data-fresh={age.state ?? undefined} title={age.exact}>
        {age.text}
        {age.state && <span className={styles.freshWord}>{t(`fresh.${age.state}`)}</span>}
      </p>
      {bbox && (
        <div className={styles.acts}>
          <Button leftSection={<IconCurrentLocation size="1rem" />} onClick={() => flyTo(bbox)}>
            {t('inspector.zoom')}
          </Button>
          {layer.moving && <FollowButton />}
        </div>
      )}
    </div>
  );
}

/** The feature's symbol as it is on the map now, with what came of a command. */
function FeatureSymbol({ layer, feature }: FeatureProps) {
  const now = useNow(1000);
  const form = layer.symbol === 'bubble' ? 'bubble' : 'disc';
  const look = pointLook(layer)(tileProperties(layer, feature.properties), now);
  return <PointSymbol icon={layer.icon} {...look} form={form} heading={undefined} heads={undefined} size={28} />;
}

function FollowButton() {
  const { t } = useTranslation();
  const following = useStore(map.follow.following, (value) => value.layer !== null);
  return (
    <Button
      leftSection={<IconFocusCentered size="1rem" />}
      aria-pressed={following}
      onClick={() => map.follow.toggle()}
    >
      {t(following ? 'follow.stop' : 'follow.start')}
    </Button>
  );
}

function StateBadge({ layer, feature }: FeatureProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  if (layer.state === undefined) return null;
  const attribute = layer.attributes[layer.state];
  const value = feature.properties[layer.state];
  const choice = attribute?.kind === 'choice' && typeof value === 'string' ? attribute.choices[value] : undefined;
  const severity = severityOf(layer, value);
  return (
    <span className={styles.badge} data-severity={severity}>
      <StateDot severity={severity} />
      {choice ? say(choice) : t('severity.unknown')}
    </span>
  );
}

/** How long ago a feature was observed, ticking; a layer whose observations do not age tells when its row changed. */
function useFeatureAge(
  layer: CatalogueLayer,
  feature: LayerFeature,
): { text: string; exact?: string; state: Freshness | null } {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1000);
  const limit = staleAfter(layer, feature.properties);
  const { observed_at: observed, updated_at: updated } = feature.properties;
  const instant = typeof observed === 'string' ? observed : limit === undefined ? updated : null;
  const time = typeof instant === 'string' ? Date.parse(instant) : null;
  const state = limit === undefined ? null : freshness(time === null ? null : time / 1000, limit, now);
  if (time === null) return { text: t('inspector.never'), state };
  return {
    text: t('inspector.updated', { age: ageText((now - time) / 1000, language) }),
    exact: instantText(time, language),
    state,
  };
}
