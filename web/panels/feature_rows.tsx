import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { pageState } from '../page.ts';
import { select } from './actions.ts';
import styles from './list.module.css';
import { ObservedAge } from './observed_age.tsx';
import { severityOf } from './severity.ts';
import { StateDot } from './symbol.tsx';
import { useBilingual, usePage } from './use.ts';
import type { RowProps } from './use_virtual_rows.ts';
import { VirtualRows } from './virtual_rows.tsx';

interface FeatureRowsProps {
  readonly layer: CatalogueLayer;
  readonly features: readonly LayerFeature[];
  /** Called when the last rows come into sight. */
  readonly onEnd: () => void;
  readonly focusFirst?: boolean;
}

/** The features of a layer, one a row; a click selects, and what was selected elsewhere comes into sight. */
export function FeatureRows({ layer, features, onEnd, focusFirst = false }: FeatureRowsProps) {
  const selected = usePage('selected');
  const shown = selected?.layer === layer.id ? features.findIndex(({ id }) => id === selected.id) : -1;
  return (
    <VirtualRows
      items={features}
      keyOf={({ id }) => id}
      height={2.75}
      shown={shown < 0 ? undefined : shown}
      focusFirst={focusFirst}
      onEnd={onEnd}
      row={(feature, props) => <FeatureRow layer={layer} feature={feature} row={props} />}
    />
  );
}

interface FeatureRowProps {
  readonly layer: CatalogueLayer;
  readonly feature: LayerFeature;
  readonly row: RowProps;
}

function FeatureRow({ layer, feature, row }: FeatureRowProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const selected = usePage('selected');
  const chosen = selected?.layer === layer.id && selected.id === feature.id;
  const name = feature.properties[layer.name];
  const value = layer.state === undefined ? null : feature.properties[layer.state];
  const attribute = layer.state === undefined ? undefined : layer.attributes[layer.state];
  const choice = attribute?.kind === 'choice' && typeof value === 'string' ? attribute.choices[value] : undefined;
  return (
    <button
      type="button"
      className={styles.row}
      aria-current={chosen}
      onClick={() => select(pageState, { layer: layer.id, id: feature.id })}
      {...row}
    >
      <span className={styles.title}>
        <span className={styles.name}>{typeof name === 'string' && name !== '' ? name : t('list.unnamed')}</span>
        <ObservedAge layer={layer} feature={feature} />
      </span>
      <span className={styles.detail}>
        {layer.state !== undefined && (
          <>
            <StateDot severity={severityOf(layer, value)} />
            {choice ? say(choice) : t('severity.unknown')}
          </>
        )}
        <span className={styles.code}>{feature.properties.code ?? ''}</span>
      </span>
    </button>
  );
}
