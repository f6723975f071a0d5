import { Button } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { choiceOf } from '../map/layer_filter.ts';
import { pageState } from '../page.ts';
import { clearFilter } from './actions.ts';
import styles from './inspector.module.css';
import { usePage } from './use.ts';

/** Says that the map leaves out what is selected because its layer is filtered, and offers to show it. */
export function HiddenNote({ layer, feature }: { readonly layer: CatalogueLayer; readonly feature: LayerFeature }) {
  const { t } = useTranslation();
  const filters = usePage('filters');
  if (choiceOf(layer, { filters })(feature.properties)) return null;
  return (
    <div className={styles.hidden} role="status">
      {t('inspector.filtered_out')}
      <Button
        leftSection={<IconFilterOff size="1rem" aria-hidden="true" />}
        onClick={() => clearFilter(pageState, layer.id)}
      >
        {t('layers.filter_clear')}
      </Button>
    </div>
  );
}
