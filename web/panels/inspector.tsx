import { ActionIcon, Button, Skeleton, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { FeatureActions } from '../actions/feature_actions.tsx';
import { FeatureHistory } from '../actions/feature_history.tsx';
import { useLayer } from '../api/catalogue.ts';
import { type LayerFeature, useFeature } from '../api/feature.ts';
import { RequestFailed } from '../api/fetch_json.ts';
import { pageState } from '../page.ts';
import { ReplayNote } from '../replay/replay_note.tsx';
import type { PageState } from '../state.ts';
import { AttributeList } from './attribute_list.tsx';
import { CommandPart } from './command_part.tsx';
import { featureBbox, middle } from './feature_bbox.ts';
import { FeatureHeader } from './feature_header.tsx';
import { keepInSight } from './fly_to.ts';
import { HiddenNote } from './hidden_note.tsx';
import { Hydrograph } from './hydrograph.tsx';
import styles from './inspector.module.css';
import { Place } from './place.tsx';
import { Provenance } from './provenance.tsx';
import { Readings } from './readings.tsx';
import { RecordTables } from './record_tables.tsx';
import { useBilingual } from './use.ts';

type Selected = NonNullable<PageState['selected']>;

/** The one place where a selected feature is shown, built from the layer's schema. */
export function Inspector({ selected }: { readonly selected: Selected }) {
  const { t } = useTranslation();
  const layer = useLayer(selected.layer);
  return (
    <aside
      className={styles.inspector}
      aria-label={t('inspector.title')}
      data-feature={`${selected.layer}/${selected.id}`}
    >
      <Tooltip label={`${t('page.close')} (Esc)`}>
        <ActionIcon
          className={styles.close}
          aria-label={t('page.close')}
          onClick={() => pageState.set({ selected: null })}
        >
          <IconX size="1.125rem" aria-hidden="true" />
        </ActionIcon>
      </Tooltip>
      {layer ? <Body key={`${selected.layer}/${selected.id}`} layer={layer} selected={selected} /> : <Waiting />}
    </aside>
  );
}

function Body({ layer, selected }: { readonly layer: CatalogueLayer; readonly selected: Selected }) {
  const say = useBilingual();
  const { data, error, failureReason, failureCount } = useFeature(selected);
  useKeepInSight(data);
  const reason = error ?? (failureCount > 0 ? failureReason : null);
  if (reason instanceof RequestFailed && reason.status === 404) return <Gone title={say(layer.title)} />;
  if (!data) return reason ? <Failed selected={selected} reason={reason.message} /> : <Waiting />;
  return (
    <div className={styles.body}>
      <ReplayNote />
      <FeatureHeader layer={layer} feature={data} />
      <HiddenNote layer={layer} feature={data} />
      <FeatureActions layer={layer} feature={data} />
      <CommandPart layer={layer} feature={data} />
      <Readings layer={layer} feature={data} />
      <Hydrograph layer={layer} feature={data} />
      <AttributeList layer={layer} feature={data} />
      <RecordTables layer={layer} feature={data} />
      <Place feature={data} />
      <Provenance feature={data} selected={selected} />
      <FeatureHistory layer={layer} feature={data} />
    </div>
  );
}

/** Once a feature is known, moves the map if the inspector or the sheet came to lie over it. */
function useKeepInSight(feature: LayerFeature | undefined): void {
  const done = useRef(false);
  useEffect(() => {
    const bbox = feature && featureBbox(feature.geometry);
    if (!bbox || done.current) return;
    done.current = true;
    // After the sheet has risen and the map has taken its new size.
    const timer = setTimeout(() => keepInSight(middle(bbox)), 250);
    return () => clearTimeout(timer);
  }, [feature]);
}

/** Bars in place of text, but only when the answer takes longer than 200 ms. */
function Waiting() {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div className={styles.waiting} aria-busy="true" role="status" aria-label={t('status.loading')}>
      <Skeleton height="1.5rem" width="70%" />
      <Skeleton height="1rem" width="45%" />
      <Skeleton height="4rem" />
      <Skeleton height="8rem" />
    </div>
  );
}

function Gone({ title }: { readonly title: string }) {
  const { t } = useTranslation();
  return (
    <div className={styles.state} role="status">
      <span className={styles.kind}>{title}</span>
      <strong>{t('inspector.gone')}</strong>
      <span>{t('inspector.gone_hint')}</span>
      <Button onClick={() => pageState.set({ selected: null })}>{t('page.close')}</Button>
    </div>
  );
}

function Failed({ selected, reason }: { readonly selected: Selected; readonly reason: string }) {
  const { t } = useTranslation();
  const { refetch } = useFeature(selected);
  return (
    <div className={styles.state} role="alert">
      <strong>{t('inspector.failed')}</strong>
      <span>{t('inspector.kept')}</span>
      <span className={styles.dim}>{t('catalogue.reason', { reason })}</span>
      <Button onClick={() => void refetch()}>{t('page.retry')}</Button>
    </div>
  );
}
