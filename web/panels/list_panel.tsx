import { ActionIcon, SegmentedControl, Select, Tooltip } from '@mantine/core';
import { IconLayoutList, IconTable } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import { areaFilter } from '../map/area.ts';
import { map } from '../page.ts';
import { AreaTools } from './area_tools.tsx';
import styles from './list.module.css';
import { ListedFeatures } from './listed_features.tsx';
import { SpotList } from './spot_list.tsx';
import { ui } from './ui.ts';
import { useBilingual, useLayout, usePage, useStore } from './use.ts';
import { useViewBbox } from './use_view_bbox.ts';

/**
 * The map's twin: the features of one layer as cards or as a table, those in view, in a drawn area, or all, to be chosen
 * without a pointer; or what lies together on the spot of the map that was clicked.
 */
export function ListPanel() {
  const spot = useStore(map.spot, (value) => value.spot);
  return spot ? <SpotList key={spot.at.join()} spot={spot} /> : <LayerList />;
}

function LayerList() {
  const { t } = useTranslation();
  const say = useBilingual();
  const layers = useCatalogue().data?.layers ?? [];
  const shown = usePage('layers');
  const wanted = useStore(ui, (value) => value.listLayer);
  const wide = useStore(ui, (value) => value.wide);
  const roomy = useLayout() === 'desk';
  const layer = layers.find(({ id }) => id === wanted) ?? layers.find(({ id }) => shown[id]) ?? layers[0];
  const area = usePage('area') ?? null;
  const [scope, setScope] = useState<'view' | 'all' | 'area'>(area ? 'area' : 'view');
  const hasArea = area !== null;
  // What was just drawn is what is meant; once it is gone the list is of what is in view again.
  useEffect(() => setScope((now) => (hasArea ? 'area' : now === 'area' ? 'view' : now)), [hasArea]);
  const bbox = useViewBbox();
  if (!layer) return null;
  const Form = wide ? IconLayoutList : IconTable;
  return (
    <div className={styles.panel} data-wide={roomy && wide}>
      <div className={styles.choose}>
        <Select
          size="sm"
          aria-label={t('list.layer')}
          allowDeselect={false}
          value={layer.id}
          data={layers.map(({ id, title }) => ({ value: id, label: say(title) }))}
          onChange={(listLayer) => ui.set({ listLayer })}
          comboboxProps={{ withinPortal: true }}
        />
        <SegmentedControl
          className={styles.scope ?? ''}
          fullWidth
          size="xs"
          value={scope}
          onChange={setScope}
          aria-label={t('list.title')}
          data={[
            { value: 'view' as const, label: t('list.in_view') },
            { value: 'all' as const, label: t('list.all') },
            ...(hasArea ? [{ value: 'area' as const, label: t('list.in_area') }] : []),
          ]}
        />
        {roomy && (
          <Tooltip label={t(wide ? 'list.as_cards' : 'list.as_table')}>
            <ActionIcon
              className={styles.form}
              aria-label={t(wide ? 'list.as_cards' : 'list.as_table')}
              onClick={() => ui.set({ wide: !wide })}
            >
              <Form size="1.125rem" aria-hidden="true" />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <AreaTools />
      <ListedFeatures
        key={layer.id}
        layer={layer}
        bbox={scope === 'view' ? bbox : undefined}
        within={scope === 'area' && area ? areaFilter(area) : undefined}
        table={roomy && wide}
      />
    </div>
  );
}
