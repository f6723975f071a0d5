import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { ageText } from '../i18n/age.ts';
import { instantText, numberText } from '../i18n/format.ts';
import { unitText } from '../i18n/unit.ts';
import { freshness, staleAfter } from '../map/freshness.ts';
import type { Reading } from './attribute_groups.ts';
import styles from './inspector.module.css';
import { exceededWhole, toldTogether } from './parts_of_whole.ts';
import { StateDot } from './symbol.tsx';
import { useBilingual, useLanguage, useNow } from './use.ts';

interface PartsProps {
  readonly layer: CatalogueLayer;
  readonly feature: LayerFeature;
  readonly readings: readonly { readonly key: string; readonly attribute: Reading }[];
}

/**
 * Readings that are parts of others, or that have a time of their own, a line each: how many of how many, and under those
 * of one time how old they are, and that they are more than the whole. What nobody told, and a class of nothing, has no line.
 */
export function PartReadings({ layer, feature: { properties }, readings }: PartsProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const groups = toldTogether(readings, properties);
  if (groups.length === 0) return null;
  const limit = staleAfter(layer, properties);
  return (
    <dl className={styles.parts}>
      {groups.flatMap((group) =>
        group.map(({ key, attribute, value, whole }, index) => {
          const isLast = index === group.length - 1;
          const isFirstOfWhole = group.findIndex(({ attribute: { outOf } }) => outOf === attribute.outOf) === index;
          const exceeded = isLast ? exceededWhole(group) : undefined;
          return (
            <div key={key} data-more={!isLast} data-also={index > 0}>
              <dt title={attribute.description && say(attribute.description)}>{say(attribute.title)}</dt>
              <dd>
                {numberText(value, language)}{' '}
                <span className={styles.unit}>
                  {whole !== undefined &&
                    isFirstOfWhole &&
                    `${t('inspector.out_of', { total: numberText(whole, language) })} `}
                  {unitText(attribute.unit, language)}
                </span>
              </dd>
              {exceeded !== undefined && (
                <dd className={styles.exceeded}>
                  <StateDot severity="advisory" />
                  {t('inspector.exceeded', { total: numberText(exceeded, language) })}
                </dd>
              )}
              {isLast && attribute.observedBy && <PartAge observed={properties[attribute.observedBy]} limit={limit} />}
            </div>
          );
        }),
      )}
    </dl>
  );
}

/** How old one reading is, and that it is no longer fresh; `limit` in minutes. */
function PartAge({ observed, limit }: { readonly observed: unknown; readonly limit: number | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1000);
  const time = typeof observed === 'string' ? Date.parse(observed) : null;
  const state = freshness(time === null ? null : time / 1000, limit, now);
  return (
    <dd className={styles.age} data-fresh={state} title={time === null ? undefined : instantText(time, language)}>
      {time === null ? t('inspector.no_time') : ageText((now - time) / 1000, language)}
      {state !== 'fresh' && <span className={styles.freshWord}>{t(`fresh.${state}`)}</span>}
    </dd>
  );
}
