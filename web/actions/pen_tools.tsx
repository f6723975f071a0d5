import { ActionIcon, Button } from '@mantine/core';
import {
  IconArrowsMove,
  IconCheck,
  IconChevronLeft,
  IconChevronRight,
  IconCircleDashed,
  IconPencil,
  IconPlus,
  IconTrash,
  IconVector,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { GeometryKind } from '../../server/registry/layer.ts';
import type { PenMode } from '../map/pen.ts';
import { map } from '../page.ts';
import { useStore } from '../panels/use.ts';
import styles from './actions.module.css';

const icons: Readonly<Record<PenMode, ComponentType<{ readonly size: string }>>> = {
  ...{ reshape: IconVector, move: IconArrowsMove, hole: IconCircleDashed, part: IconPlus, draw: IconPencil },
};

/** What can be done with a shape of a kind besides drawing it. */
function modesOf(kind: GeometryKind): readonly PenMode[] {
  if (kind.endsWith('Point')) return [];
  if (!kind.endsWith('Polygon')) return ['reshape', 'move', 'draw'];
  return kind === 'MultiPolygon' ? ['reshape', 'move', 'hole', 'part', 'draw'] : ['reshape', 'move', 'hole', 'draw'];
}

interface PenToolsProps {
  readonly kind: GeometryKind;
  /** An outline is all that is wanted, without holes. */
  readonly only?: boolean;
}

/** The pen's tools while something is drawn: what to do, which corner, and the end. */
export function PenTools({ kind, only = false }: PenToolsProps) {
  const { t } = useTranslation();
  const mode = useStore(map.tools().pen.drawn, (value) => value.mode);
  const refused = useStore(map.tools().pen.drawn, (value) => value.refused);
  const hasShape = useStore(map.tools().pen.drawn, (value) => value.geometry !== null);
  const isPoint = kind.endsWith('Point');
  const hint = isPoint ? 'act.draw_point' : (`act.pen_hint_${mode}` as const);
  return (
    <>
      {hasShape && !isPoint && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset within the fieldset of the place would be framed
        <div className={styles.tools} role="group" aria-label={t('act.pen_tools')}>
          {modesOf(only ? 'LineString' : kind).map((each) => {
            const Icon = icons[each];
            return (
              <Button
                key={each}
                size="xs"
                variant={mode === each ? 'filled' : 'default'}
                aria-pressed={mode === each}
                leftSection={<Icon size="0.875rem" aria-hidden="true" />}
                onClick={() => map.tools().pen.setMode(each)}
                data-pen={each}
              >
                {t(`act.pen_${each}`)}
              </Button>
            );
          })}
        </div>
      )}
      <span className={refused ? styles.fault : styles.wide} role="status">
        {t(refused ? 'act.error.crossing' : hint)}
      </span>
      {!isPoint && mode === 'reshape' && <Corner />}
      <Button
        className={styles.wide}
        leftSection={<IconCheck size="1rem" aria-hidden="true" />}
        onClick={() => map.tools().pen.finish()}
      >
        {t('act.draw_done')}
      </Button>
    </>
  );
}

/** One corner after the other, by touch and key; the chosen one is marked on the map and can go. */
function Corner() {
  const { t } = useTranslation();
  const corner = useStore(map.tools().pen.drawn, (value) => value.corner);
  const corners = useStore(map.tools().pen.drawn, (value) => value.corners);
  if (corners === 0) return null;
  return (
    <div className={styles.corner}>
      <ActionIcon variant="default" aria-label={t('act.corner_before')} onClick={() => map.tools().pen.stepCorner(-1)}>
        <IconChevronLeft size="1rem" aria-hidden="true" />
      </ActionIcon>
      <span className={styles.cornerName}>
        {corner === null ? t('act.corner_none') : t('act.corner', { number: corner + 1, all: corners })}
      </span>
      <ActionIcon variant="default" aria-label={t('act.corner_next')} onClick={() => map.tools().pen.stepCorner(1)}>
        <IconChevronRight size="1rem" aria-hidden="true" />
      </ActionIcon>
      <Button
        size="xs"
        disabled={corner === null}
        leftSection={<IconTrash size="0.875rem" aria-hidden="true" />}
        onClick={() => map.tools().pen.removeCorner()}
      >
        {t('act.corner_remove')}
      </Button>
    </div>
  );
}
