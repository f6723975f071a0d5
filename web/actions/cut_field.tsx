import { Button } from '@mantine/core';
import { IconScissors } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Geometry } from 'geojson';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { RequestFailed } from '../api/fetch_json.ts';
import { refusalText } from '../i18n/refusal_text.ts';
import { map } from '../page.ts';
import { useFaultText } from '../panels/use_fault_text.ts';
import { actWords } from './act_words.ts';
import styles from './actions.module.css';
import { PenTools } from './pen_tools.tsx';
import { trySplit } from './submit_act.ts';
import { usePen } from './use_pen.ts';

interface CutFieldProps {
  readonly layer: CatalogueLayer;
  readonly feature: LayerFeature;
  readonly action: string;
  readonly onCut: (line: Geometry | null) => void;
  readonly error: string | undefined;
}

/** The line that a shape is cut along, and on the map the parts it would fall into, as the server cuts them. */
export function CutField({ layer, feature, action, onCut, error }: CutFieldProps) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const [line, setLine] = useState<Geometry | null>(null);
  const pen = usePen(setLine);
  const tried = useQuery({
    queryKey: ['cut', layer.id, feature.id, feature.properties.version, JSON.stringify(line)],
    enabled: line !== null,
    queryFn: () => trySplit({ layer: layer.id, action, input: { cut: line }, reason: '', base: feature }),
    retry: false,
    gcTime: 0,
  });
  const parts = line === null ? undefined : tried.data;
  useEffect(() => onCut(line), [line, onCut]);
  useEffect(() => {
    // While the pen is in hand its own marks are on the map.
    if (!pen.drawing) map.tools().pen.showParts(parts ?? []);
    return () => map.tools().pen.showParts([]);
  }, [parts, pen.drawing]);

  const fault = tried.error instanceof RequestFailed ? tried.error.errors[0] : undefined;
  const refused = tried.error && line !== null ? refusalText(t, tried.error, actWords) : undefined;
  const told = fault ? faultText(fault) : (refused ?? error);
  return (
    <fieldset className={styles.place} data-field="cut">
      <legend>{t('act.cut')}</legend>
      {pen.drawing ? (
        <PenTools kind="LineString" />
      ) : (
        <Button
          className={styles.wide}
          leftSection={<IconScissors size="1rem" aria-hidden="true" />}
          disabled={pen.taken}
          onClick={() => pen.begin('LineString', line, { items: layer.links.items })}
        >
          {t(line ? 'act.cut_again' : 'act.cut_draw')}
        </Button>
      )}
      {parts && (
        <span className={styles.wide} role="status">
          {t('act.cut_parts', { all: parts.length })}
        </span>
      )}
      {told !== undefined && (
        <span className={styles.fault} role="alert">
          {told}
        </span>
      )}
    </fieldset>
  );
}
