import { Button, TextInput } from '@mantine/core';
import { IconMapPin } from '@tabler/icons-react';
import type { Geometry } from 'geojson';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import styles from './actions.module.css';
import { PenTools } from './pen_tools.tsx';
import { usePen } from './use_pen.ts';

interface PlaceFieldProps {
  readonly layer: CatalogueLayer;
  /** Null: it is being added. */
  readonly feature: number | null;
  readonly geometry: Geometry | null;
  readonly onGeometry: (geometry: Geometry | null) => void;
  readonly error: string | undefined;
}

/** Where a feature is: drawn on the map, or for a point written as degrees. */
export function PlaceField({ layer, feature, geometry, onGeometry, error }: PlaceFieldProps) {
  const { t } = useTranslation();
  const pen = usePen(onGeometry);
  const isPoint = layer.geometry === 'Point';
  const beside = { items: layer.links.items, ...(feature !== null && { except: feature }) };
  return (
    <fieldset className={styles.place} data-field="geometry">
      <legend>{t('inspector.place')}</legend>
      {isPoint && <Degrees geometry={geometry} onGeometry={onGeometry} disabled={pen.drawing} />}
      {pen.drawing ? (
        <PenTools kind={layer.geometry} />
      ) : (
        <Button
          className={styles.wide}
          leftSection={<IconMapPin size="1rem" aria-hidden="true" />}
          disabled={pen.taken}
          onClick={() => pen.begin(layer.geometry, geometry, beside)}
        >
          {t(geometry ? 'act.draw' : 'act.draw_new')}
        </Button>
      )}
      {error !== undefined && (
        <span className={styles.fault} role="alert">
          {error}
        </span>
      )}
    </fieldset>
  );
}

/** A point as two numbers; half a point is none yet. */
function Degrees({
  geometry,
  onGeometry,
  disabled,
}: Pick<PlaceFieldProps, 'geometry' | 'onGeometry'> & { readonly disabled: boolean }) {
  const { t } = useTranslation();
  const [lon, lat] = geometry?.type === 'Point' ? geometry.coordinates : [];
  const [draft, setDraft] = useState<readonly [lon: string, lat: string] | null>(null);
  const shown = draft ?? [lon === undefined ? '' : String(lon), lat === undefined ? '' : String(lat)];
  const change = (at: 0 | 1, text: string) => {
    const next = at === 0 ? ([text, shown[1]] as const) : ([shown[0], text] as const);
    const numbers = next.map((part) => (part.trim() === '' ? Number.NaN : Number(part.replace(',', '.'))));
    setDraft(next);
    if (numbers.every(Number.isFinite)) onGeometry({ type: 'Point', coordinates: numbers });
  };
  return (
    <>
      <TextInput
        label={t('act.latitude')}
        inputMode="decimal"
        value={shown[1]}
        disabled={disabled}
        onChange={(event) => change(1, event.currentTarget.value)}
        onBlur={() => setDraft(null)}
      />
      <TextInput
        label={t('act.longitude')}
        inputMode="decimal"
        value={shown[0]}
        disabled={disabled}
        onChange={(event) => change(0, event.currentTarget.value)}
        onBlur={() => setDraft(null)}
      />
    </>
  );
}
