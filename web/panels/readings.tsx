import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { numberText } from '../i18n/format.ts';
import { unitText } from '../i18n/unit.ts';
import { choiceBeside, doubt } from '../map/beside_number.ts';
import { besideReadings, isReading, type Reading } from './attribute_groups.ts';
import styles from './inspector.module.css';
import { PartReadings } from './part_readings.tsx';
import { StateDot } from './symbol.tsx';
import { useBilingual, useLanguage } from './use.ts';

/** The measured and counted values, large, with their units; zero is a reading, null says that there is none. */
export function Readings({ layer, feature }: { readonly layer: CatalogueLayer; readonly feature: LayerFeature }) {
  const { t } = useTranslation();
  const beside = besideReadings(layer.attributes);
  const readings = Object.entries(layer.attributes).flatMap(([key, attribute]) =>
    isReading(attribute) && !beside.has(key) ? [{ key, attribute }] : [],
  );
  if (readings.length === 0) return null;
  const isPart = ({ attribute }: (typeof readings)[number]) => (attribute.observedBy ?? attribute.outOf) !== undefined;
  // What the map writes beside the symbol comes first.
  const whole = readings
    .filter((reading) => !isPart(reading))
    .toSorted((a, b) => Number(b.key === layer.valueLabel) - Number(a.key === layer.valueLabel));
  return (
    <section>
      <h3>{t('inspector.readings')}</h3>
      {whole.length > 0 && (
        <dl className={styles.readings}>
          {whole.map(({ key, attribute }) => (
            <ReadingItem key={key} name={key} attribute={attribute} layer={layer} feature={feature} />
          ))}
        </dl>
      )}
      <PartReadings layer={layer} feature={feature} readings={readings.filter(isPart)} />
    </section>
  );
}

interface ReadingProps {
  readonly name: string;
  readonly attribute: Reading;
  readonly layer: CatalogueLayer;
  readonly feature: LayerFeature;
}

function ReadingItem({ name, attribute, layer, feature }: ReadingProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const value = feature.properties[name];
  const trend = choiceBeside(layer, name, 'trend', feature.properties);
  const doubted = doubt(layer, name, feature.properties);
  return (
    <div className={name === layer.valueLabel ? styles.lead : styles.reading}>
      <dt title={attribute.description && say(attribute.description)}>{say(attribute.title)}</dt>
      {typeof value === 'number' ? (
        <dd>
          {numberText(value, language)} <span className={styles.unit}>{unitText(attribute.unit, language)}</span>
          {trend?.arrow && (
            <span className={styles.trend} role="img" aria-label={say(trend)} title={say(trend)}>
              {trend.arrow}
            </span>
          )}
          {doubted?.severity && (
            <span className={styles.doubt}>
              <StateDot severity={doubted.severity} />
              {say(doubted)}
            </span>
          )}
        </dd>
      ) : (
        <dd className={styles.none}>{t('page.no_data')}</dd>
      )}
    </div>
  );
}
