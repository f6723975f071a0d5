import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { Series } from '../../server/registry/series.ts';
import type { LayerFeature } from '../api/feature.ts';
import { useSeries } from '../api/series.ts';
import { staleAfter } from '../map/freshness.ts';
import { isReading } from './attribute_groups.ts';
import styles from './hydrograph.module.css';
import { HydrographChart } from './hydrograph_chart.tsx';
import { thresholdLines } from './hydrograph_lines.ts';
import { gapOf, quantitiesOf, readingsOf } from './hydrograph_points.ts';
import { HydrographTable } from './hydrograph_table.tsx';
import { useBilingual, useLanguage, useNow } from './use.ts';

const ranges = { '6h': 6, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const;
type Range = keyof typeof ranges;
/** Charts that are always open; a hospital has ten. */
const openCharts = 2;

interface HydrographProps {
  readonly layer: CatalogueLayer;
  readonly feature: LayerFeature;
}

/** What is kept over time of a feature's quantities, as charts; nothing for a layer that keeps none. */
export function Hydrograph({ layer, feature }: HydrographProps) {
  const kept = layer.series?.attributes.some((key) => {
    const attribute = layer.attributes[key];
    return attribute !== undefined && isReading(attribute) && attribute.unit !== 'deg';
  });
  return kept ? <History layer={layer} feature={feature} /> : null;
}

function History({ layer, feature }: HydrographProps) {
  const { t } = useTranslation();
  const [range, setRange] = useState<Range>('24h');
  const { observed_at: observed } = feature.properties;
  const newest = typeof observed === 'string' ? observed : null;
  const { data, error, failureCount, failureReason, isPlaceholderData, refetch } = useSeries(
    { layer: layer.id, id: feature.id },
    ranges[range],
    newest,
  );
  const reason = error ?? (failureCount > 0 ? failureReason : null);
  return (
    <section className={styles.history} data-hydrograph={range}>
      <h3>{t('hydrograph.title')}</h3>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t('hydrograph.range')}
        value={range}
        onChange={(value) => setRange(value as Range)} // one of the values below
        data={(Object.keys(ranges) as Range[]).map((value) => ({ value, label: t(`hydrograph.${value}`) }))}
      />
      {data ? (
        <div aria-busy={isPlaceholderData} className={styles.charts}>
          <Quantities layer={layer} feature={feature} series={data} hours={ranges[range]} />
        </div>
      ) : reason ? (
        <div className={styles.failed} role="alert">
          <strong>{t('hydrograph.failed')}</strong>
          <span>{t('catalogue.reason', { reason: reason.message })}</span>
          <Button onClick={() => void refetch()}>{t('page.retry')}</Button>
        </div>
      ) : (
        <Waiting />
      )}
    </section>
  );
}

interface QuantitiesProps extends HydrographProps {
  readonly series: Series;
  readonly hours: number;
}

/** The first of them, and under a fold those others that the feature has. */
function Quantities(props: QuantitiesProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { feature, series } = props;
  const all = quantitiesOf(series);
  const others = all.slice(openCharts).filter((key) => typeof feature.properties[key] === 'number');
  const charts = (of: readonly string[]) => of.map((each) => <Quantity key={each} {...props} quantity={each} />);
  return (
    <>
      {charts(all.slice(0, openCharts))}
      {others.length > 0 && (
        <details className={styles.table} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>{t('hydrograph.more', { count: others.length })}</summary>
          {open && <div className={styles.charts}>{charts(others)}</div>}
        </details>
      )}
    </>
  );
}

interface QuantityProps extends QuantitiesProps {
  readonly quantity: string;
}

function Quantity({ layer, feature, series, quantity, hours }: QuantityProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const now = useNow(30_000);
  const attribute = layer.attributes[quantity];
  if (!attribute || (attribute.kind !== 'number' && attribute.kind !== 'integer')) return null;
  const { [attribute.observedBy ?? 'observed_at']: observed, [quantity]: value } = feature.properties;
  const newest =
    typeof observed === 'string' && typeof value === 'number' ? { time: Date.parse(observed), value } : undefined;
  const readings = readingsOf(series, quantity, gapOf(series, staleAfter(layer, feature.properties)), newest);
  const name = say(attribute.title);
  if (readings.points.length === 0 && readings.suspect.length === 0)
    return (
      <p className={styles.empty} data-empty={quantity}>
        <span className={styles.name}>{name}</span> {t('hydrograph.empty')}
      </p>
    );
  // The end is now, or a reading of a clock that runs ahead.
  const to = Math.max(now, Date.parse(series.to), readings.points.at(-1)?.time ?? 0);
  return (
    <div className={styles.quantity} data-quantity={quantity}>
      <HydrographChart
        name={name}
        unit={attribute.unit}
        readings={readings}
        lines={thresholdLines(layer, feature, quantity, language)}
        span={[to - hours * 3_600_000, to]}
      />
      <HydrographTable name={name} unit={attribute.unit} readings={readings} />
    </div>
  );
}

/** A bar in place of the chart, but only when the answer takes longer than 200 ms. */
function Waiting() {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.waiting} aria-busy="true" role="status" aria-label={t('status.loading')}>
      {late && <Skeleton height="12rem" />}
    </div>
  );
}
