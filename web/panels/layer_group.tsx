import { IconChevronDown } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bilingual } from '../../server/registry/attribute.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { LayerRow } from './layer_row.tsx';
import styles from './layers.module.css';
import { sumStates, worstOf } from './severity.ts';
import { StateDot } from './symbol.tsx';
import { useBilingual, usePage } from './use.ts';

interface LayerGroupProps {
  readonly title: Bilingual;
  readonly layers: readonly CatalogueLayer[];
}

/** A group of layers that folds, with a dot of the worst state inside. */
export function LayerGroup({ title, layers }: LayerGroupProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const shown = usePage('layers');
  const [open, setOpen] = useState(true);
  const rows = useId();
  const worst = worstOf(sumStates(layers));
  return (
    <section className={styles.group}>
      <h2>
        <button
          type="button"
          className={styles.groupHead}
          aria-expanded={open}
          aria-controls={rows}
          onClick={() => setOpen(!open)}
        >
          <IconChevronDown size="1rem" className={styles.chevron} aria-hidden="true" />
          <span className={styles.groupTitle}>{say(title)}</span>
          {worst && (
            <span className={styles.worst} title={t('layers.worst', { state: t(`severity.${worst}`) })}>
              <StateDot severity={worst} />
              <span className="unseen">{t('layers.worst', { state: t(`severity.${worst}`) })}</span>
            </span>
          )}
          <span
            className={styles.groupCount}
            title={t('layers.shown', { shown: layers.filter(({ id }) => shown[id]).length, all: layers.length })}
          >
            {layers.filter(({ id }) => shown[id]).length}/{layers.length}
          </span>
        </button>
      </h2>
      <div id={rows} hidden={!open}>
        {layers.map((layer) => (
          <LayerRow key={layer.id} layer={layer} />
        ))}
      </div>
    </section>
  );
}
