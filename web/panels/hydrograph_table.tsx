import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { instantText, numberText } from '../i18n/format.ts';
import { unitText } from '../i18n/unit.ts';
import styles from './hydrograph.module.css';
import type { Readings } from './hydrograph_points.ts';
import { useLanguage } from './use.ts';

interface TableProps {
  readonly name: string;
  readonly unit: string | undefined;
  readonly readings: Readings;
}

/** The same as the chart, to be read line by line: newest first, with the suspect ones. */
export function HydrographTable({ name, unit, readings }: TableProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <details className={styles.table} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('hydrograph.table')}</summary>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <section className={styles.scroll} tabIndex={0} aria-label={name}>
          <table>
            <caption className="unseen">{name}</caption>
            <Head unit={unit} />
            <Body readings={readings} />
          </table>
        </section>
      )}
    </details>
  );
}

function Head({ unit }: Pick<TableProps, 'unit'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  const word = unitText(unit, language);
  const mean = word === '' ? t('hydrograph.mean') : `${t('hydrograph.mean')} (${word})`;
  return (
    <thead>
      <tr>
        {[t('hydrograph.time'), mean, t('hydrograph.lowest'), t('hydrograph.highest')].map((text) => (
          <th key={text} scope="col">
            {text}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Body({ readings: { points, suspect } }: Pick<TableProps, 'readings'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  const number = (value: number) => numberText(Math.round(value * 10) / 10, language);
  const rows = [
    ...points.map(({ time, min, mean, max }) => ({ time, cells: [mean, min, max].map(number) })),
    ...suspect.map(({ time, count }) => ({ time, cells: [t('hydrograph.suspect', { count })] })),
  ].toSorted((a, b) => b.time - a.time);
  return (
    <tbody>
      {rows.map(({ time, cells }) => (
        <tr key={`${time} ${cells.length}`}>
          <th scope="row">{instantText(time, language)}</th>
          {cells.map((cell, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns are fixed
            <td key={i} colSpan={cells.length === 1 ? 3 : 1}>
              {cell}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}
