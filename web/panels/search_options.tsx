import { Combobox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { Found } from '../api/search.ts';
import { LayerSymbol } from './layer_symbol.tsx';
import styles from './search.module.css';
import { useBilingual } from './use.ts';

interface SearchOptionsProps {
  readonly results: readonly Found[];
  readonly layers: readonly CatalogueLayer[];
}

/** What was found, by layer in the order of the best result, each with the place it lies in. */
export function SearchOptions({ results, layers }: SearchOptionsProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const byLayer = Map.groupBy(results, ({ layer }) => layer);
  return [...byLayer].map(([id, found]) => {
    const layer = layers.find((candidate) => candidate.id === id);
    return (
      <Combobox.Group key={id} label={layer ? say(layer.title) : id}>
        {found.map((result) => (
          <Combobox.Option key={result.id} value={`${id}/${result.id}`} className={styles.option}>
            {layer && <LayerSymbol layer={layer} />}
            <span className={styles.name}>
              {result.name ?? result.code ?? result.id}
              {result.code && result.name && <small>{result.code}</small>}
            </span>
            <span className={styles.area}>{result.center || result.bbox ? result.area : t('search.unlocated')}</span>
          </Combobox.Option>
        ))}
      </Combobox.Group>
    );
  });
}
