import { Select } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bbox, CatalogueLayer } from '../../server/registry/catalogue.ts';
import { useCatalogue } from '../api/catalogue.ts';
import { useVillageAt } from '../api/items.ts';
import { timeText } from '../i18n/format.ts';
import type { FeedEntry } from '../live/feed.ts';
import { worstFirst } from '../map/severity.ts';
import { live, map, pageState } from '../page.ts';
import { select } from './actions.ts';
import styles from './feed.module.css';
import { toldText } from './feed_sentence.ts';
import { flyTo } from './fly_to.ts';
import { LayerSymbol } from './layer_symbol.tsx';
import { PointSymbol, StateDot } from './symbol.tsx';
import { useBilingual, useLanguage, usePage, useStore } from './use.ts';
import { useViewBbox } from './use_view_bbox.ts';
import type { RowProps } from './use_virtual_rows.ts';
import { VirtualRows } from './virtual_rows.tsx';

/** Whether a place is in an extent; what has no place is nowhere. */
function isIn([west, south, east, north]: Bbox, at: FeedEntry['at']): boolean {
  return at !== null && at[0] >= west && at[0] <= east && at[1] >= south && at[1] <= north;
}

/** What changed in view, the newest first. While somebody reads, the lines stay where they are. */
export function FeedPanel() {
  const { t } = useTranslation();
  const say = useBilingual();
  const layers = useCatalogue().data?.layers ?? [];
  const all = useStore(live.feed, (value) => value.entries);
  const bbox = useViewBbox();
  const [layer, setLayer] = useState('');
  const [severity, setSeverity] = useState('');
  const [scope, setScope] = useState('view');
  const reading = useReading();
  const entries = useHeld(all, reading.held);
  const byId = useMemo(() => new Map(layers.map((each) => [each.id, each])), [layers]);
  const atLeast = worstFirst.find((each) => each === severity);
  const wanted = (entry: FeedEntry) =>
    (layer === '' || entry.layer === layer) &&
    (!atLeast || worstFirst.indexOf(entry.severity) <= worstFirst.indexOf(atLeast)) &&
    (scope === 'all' || isIn(bbox, entry.at)) &&
    byId.has(entry.layer);
  const shown = entries.filter(wanted);
  const held = useMemo(() => new Set(entries), [entries]);
  const waiting = entries === all ? 0 : all.filter((entry) => !held.has(entry) && wanted(entry)).length;
  useEffect(() => () => map.highlight(null), []);
  return (
    <div className={styles.panel}>
      <div className={styles.filters}>
        <Select
          size="sm"
          aria-label={t('feed.layer')}
          allowDeselect={false}
          value={layer}
          data={[
            { value: '', label: t('feed.all_layers') },
            ...layers.map(({ id, title }) => ({ value: id, label: say(title) })),
          ]}
          onChange={(value) => setLayer(value ?? '')}
        />
        <Select
          size="sm"
          aria-label={t('feed.severity')}
          allowDeselect={false}
          value={severity}
          data={[
            { value: '', label: t('feed.all_severities') },
            ...(['advisory', 'warning', 'critical'] as const).map((value) => ({
              value,
              label:
                value === 'critical' ? t('severity.critical') : t('feed.at_least', { state: t(`severity.${value}`) }),
            })),
          ]}
          onChange={(value) => setSeverity(value ?? '')}
        />
        <Select
          size="sm"
          aria-label={t('feed.scope')}
          allowDeselect={false}
          value={scope}
          data={[
            { value: 'view', label: t('list.in_view') },
            { value: 'all', label: t('list.all') },
          ]}
          onChange={(value) => setScope(value ?? 'view')}
        />
      </div>
      {shown.length === 0 ? (
        <p className={styles.note}>{t(scope === 'view' && entries.length > 0 ? 'feed.empty_view' : 'feed.empty')}</p>
      ) : (
        <div className={styles.list} {...reading.handlers}>
          {waiting > 0 && (
            <button type="button" className={styles.waiting} onClick={reading.release}>
              {t('feed.waiting', { count: waiting })}
            </button>
          )}
          <VirtualRows
            key={reading.releases}
            items={shown}
            keyOf={({ key }) => key}
            height={4}
            onScroll={reading.scrolled}
            row={(entry, row) => <FeedRow entry={entry} layer={byId.get(entry.layer)!} row={row} />}
          />
        </div>
      )}
    </div>
  );
}

/** Whether somebody reads the list: the pointer or the focus is in it, or it is scrolled. */
function useReading() {
  const [inside, setInside] = useState(false);
  const [focused, setFocused] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const [releases, setReleases] = useState(0);
  return {
    held: inside || focused || scrolled,
    releases,
    scrolled: (top: number) => setScrolled(top > 0),
    release() {
      setInside(false);
      setFocused(false);
      setScrolled(false);
      setReleases(releases + 1);
    },
    handlers: {
      onPointerEnter: (event: React.PointerEvent) => setInside(event.pointerType !== 'touch'),
      onPointerLeave: () => setInside(false),
      onFocus: () => setFocused(true),
      onBlur: () => setFocused(false),
    },
  };
}

/** The entries as they were when they began to be held; as they are otherwise. */
function useHeld(entries: readonly FeedEntry[], held: boolean): readonly FeedEntry[] {
  const last = useRef(entries);
  if (!held) last.current = entries;
  return last.current;
}

const stayMs = 800;

/** Whether a row has been there for a moment: what rushes by is not worth a question to the server. */
function useStaying(): boolean {
  const [stays, setStays] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setStays(true), stayMs);
    return () => clearTimeout(timer);
  }, []);
  return stays;
}

interface FeedRowProps {
  readonly entry: FeedEntry;
  readonly layer: CatalogueLayer;
  readonly row: RowProps;
}

function FeedRow({ entry, layer, row }: FeedRowProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const village = useVillageAt(useStaying() ? entry.at : null);
  const selected = usePage('selected');
  const { at } = entry;
  return (
    <button
      type="button"
      className={styles.row}
      aria-current={selected?.layer === entry.layer && selected.id === entry.id}
      data-entry={`${entry.layer}/${entry.id}`}
      data-severity={entry.severity}
      onPointerEnter={() => map.highlight(at)}
      onPointerLeave={() => map.highlight(null)}
      onBlur={() => map.highlight(null)}
      onClick={() => {
        if (at) flyTo(at);
        if (entry.told.kind !== 'deleted') select(pageState, { layer: entry.layer, id: entry.id });
      }}
      {...row}
      onFocus={() => {
        row.onFocus();
        map.highlight(at);
      }}
    >
      <span className={styles.symbol}>
        {layer.geometry.endsWith('Point') ? (
          <PointSymbol icon={layer.icon} severity={entry.severity} />
        ) : (
          <LayerSymbol layer={layer} />
        )}
      </span>
      <span className={styles.head}>
        <span className={styles.name}>
          {say(layer.title)} {entry.name || t('list.unnamed')}
        </span>
        <time className={styles.time} dateTime={new Date(entry.time).toISOString()}>
          {timeText(entry.time, language)}
        </time>
      </span>
      <span className={styles.told}>
        {layer.state !== undefined && <StateDot severity={entry.severity} />}
        <span>{toldText(entry, layer, language, t)}</span>
      </span>
      <span className={styles.place}>
        {[village, entry.missed && t('feed.missed')].filter((part) => part).join(' · ')}
      </span>
    </button>
  );
}
