import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { instantText, numberText, shortDayText, shortTimeText, zoneOffset } from '../i18n/format.ts';
import { unitText } from '../i18n/unit.ts';
import styles from './hydrograph.module.css';
import type { ThresholdLine } from './hydrograph_lines.ts';
import { nearestPoint, type Point, type Readings } from './hydrograph_points.ts';
import { airy, niceTicks, type Scale, scale, timeTicks } from './hydrograph_scale.ts';
import { useLanguage } from './use.ts';

interface ChartProps {
  readonly name: string;
  readonly unit: string | undefined;
  readonly readings: Readings;
  readonly lines: readonly ThresholdLine[];
  /** Milliseconds since 1970. */
  readonly span: readonly [from: number, to: number];
}

const height = 208;
const margin = { top: 10, right: 8, bottom: 22, left: 40 };
/** Pixels that a label of the time axis needs. */
const labelWidth = 62;

/** A quantity over time: the mean as a line over the band of what was lowest and highest, with the levels that matter. */
export function HydrographChart({ name, unit, readings, lines, span }: ChartProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { ref, width } = useElementSize();
  const [read, setRead] = useState<number | null>(null);
  const { points, runs, suspect } = readings;
  const chosen = points[read === null ? points.length - 1 : Math.min(read, points.length - 1)];

  const x = scale(span, [margin.left, Math.max(margin.left + 1, width - margin.right)]);
  const levels = [...points.flatMap(({ min, max }) => [min, max]), ...lines.map(({ value }) => value)];
  const y = scale(airy(levels), [height - margin.bottom, margin.top]);

  const inWords = ({ time, min, mean, max }: Point) => {
    const number = (value: number) => numberText(Math.round(value * 10) / 10, language);
    const range = min < max ? ` (${number(min)}–${number(max)})` : '';
    return `${number(mean)} ${unitText(unit, language)}${range} · ${instantText(time, language)}`;
  };
  const point = ({ nativeEvent, currentTarget }: PointerEvent<HTMLElement>) => {
    const { left } = currentTarget.getBoundingClientRect();
    const found = nearestPoint(points, x.of(nativeEvent.clientX - left));
    setRead(found < 0 ? null : found);
  };
  const move = (event: KeyboardEvent) => {
    const last = points.length - 1;
    const from = Math.min(read ?? last, last);
    const to = {
      ArrowLeft: from - 1,
      ArrowDown: from - 1,
      ArrowRight: from + 1,
      ArrowUp: from + 1,
      PageDown: from - 12,
      PageUp: from + 12,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    event.stopPropagation();
    setRead(Math.max(0, Math.min(last, to)));
  };

  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        <span className={styles.name}>{name}</span>
        <output className={styles.read}>{chosen ? inWords(chosen) : t('hydrograph.empty')}</output>
      </figcaption>
      <div
        ref={ref}
        className={styles.chart}
        role="slider"
        tabIndex={0}
        aria-label={t('hydrograph.read', { name })}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, points.length - 1)}
        aria-valuenow={read ?? Math.max(0, points.length - 1)}
        aria-valuetext={chosen ? inWords(chosen) : t('hydrograph.empty')}
        onKeyDown={move}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={({ pointerType }) => pointerType === 'mouse' && setRead(null)}
        onBlur={() => setRead(null)}
      >
        <svg width={width} height={height} aria-hidden="true">
          <Axes x={x} y={y} />
          {lines.map((line) => (
            <Threshold key={line.label} line={line} x={x} y={y} />
          ))}
          {runs.map((run) => (
            <Run key={run[0]?.time} run={run} x={x} y={y} />
          ))}
          {suspect.map(({ time, count }) => (
            <g key={time} className={styles.suspect} data-suspect={count}>
              <title>{t('hydrograph.suspect', { count })}</title>
              <path d={cross(x.at(time), height - margin.bottom - 7)} />
            </g>
          ))}
          {chosen && (
            <g className={styles.cursor} data-idle={read === null}>
              <line x1={x.at(chosen.time)} x2={x.at(chosen.time)} y1={margin.top} y2={height - margin.bottom} />
              <circle cx={x.at(chosen.time)} cy={y.at(chosen.mean)} r={4} />
            </g>
          )}
        </svg>
      </div>
      {suspect.length > 0 && (
        <p className={styles.key}>
          <svg width="12" height="12" aria-hidden="true" className={styles.suspect}>
            <path d={cross(6, 6)} />
          </svg>
          {t('hydrograph.suspect', { count: suspect.reduce((sum, { count }) => sum + count, 0) })}
        </p>
      )}
    </figure>
  );
}

/** The levels and the times, with lines where they are. */
function Axes({ x, y }: { readonly x: Scale; readonly y: Scale }) {
  const language = useLanguage();
  const [left, right, bottom] = [margin.left, x.at(x.to), height - margin.bottom];
  const times = timeTicks([x.from, x.to], (right - left) / labelWidth, zoneOffset(x.to));
  return (
    <g className={styles.axes}>
      {niceTicks([y.from, y.to], 4).map((value) => (
        <g key={value}>
          <line x1={left} x2={right} y1={y.at(value)} y2={y.at(value)} />
          <text x={left - 6} y={y.at(value)} dy="0.32em" textAnchor="end">
            {numberText(value, language)}
          </text>
        </g>
      ))}
      {times.map(({ time, isDay }) => (
        <g key={time}>
          <line x1={x.at(time)} x2={x.at(time)} y1={bottom} y2={bottom + 4} />
          {x.at(time) > left + 12 && x.at(time) < right - 10 && (
            <text x={x.at(time)} y={height - 4} textAnchor="middle" className={isDay ? styles.day : undefined}>
              {isDay ? shortDayText(time, language) : shortTimeText(time, language)}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

function Run({ run, x, y }: { readonly run: readonly Point[]; readonly x: Scale; readonly y: Scale }) {
  const inside = run.filter(({ time }) => time >= x.from);
  const [only] = inside;
  if (!only) return null;
  if (inside.length === 1) return <circle className={styles.dot} cx={x.at(only.time)} cy={y.at(only.mean)} r={2} />;
  const path = (points: readonly Point[], value: (point: Point) => number) =>
    points.map((each) => `${x.at(each.time).toFixed(1)},${y.at(value(each)).toFixed(1)}`).join('L');
  const band = `M${path(inside, ({ max }) => max)}L${path(inside.toReversed(), ({ min }) => min)}Z`;
  return (
    <>
      <path className={styles.band} d={band} />
      <path className={styles.mean} d={`M${path(inside, ({ mean }) => mean)}`} data-run={inside.length} />
    </>
  );
}

function Threshold({ line, x, y }: { readonly line: ThresholdLine; readonly x: Scale; readonly y: Scale }) {
  const { value, label, severity } = line;
  return (
    <g className={styles.threshold} data-severity={severity} data-threshold={value}>
      <line className={styles.level} x1={margin.left} x2={x.at(x.to)} y1={y.at(value)} y2={y.at(value)} />
      <text className={styles.levelName} x={margin.left + 4} y={y.at(value) - 3}>
        {label}
      </text>
    </g>
  );
}

const cross = (x: number, y: number) => `M${(x - 3.5).toFixed(1)},${y - 3.5}l7,7m0,-7l-7,7`;
