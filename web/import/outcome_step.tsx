import { Button } from '@mantine/core';
import { IconFocusCentered } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCatalogue, useLayer } from '../api/catalogue.ts';
import { numberText } from '../i18n/format.ts';
import { map } from '../page.ts';
import { flyTo } from '../panels/fly_to.ts';
import { openPanel } from '../panels/ui.ts';
import { useBilingual, useLanguage, useStore } from '../panels/use.ts';
import { EncodingNote } from './encoding_note.tsx';
import { FaultList } from './fault_list.tsx';
import styles from './import.module.css';
import { commit, forget, importing, reconsider } from './importing.ts';
import { importFields } from './target_fields.ts';

const counted = ['inserted', 'updated', 'unchanged', 'rejected', 'skipped', 'repaired', 'unlocated'] as const;
/** What is told even where there is none. */
const always: readonly string[] = ['inserted', 'updated', 'unchanged', 'rejected'];

/** What the import would do, or did: the same report. */
export function OutcomeStep() {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const { result, id, wish } = useStore(importing, (value) => value);
  const layer = useLayer(result?.layer);
  const region = useCatalogue().data?.bbox;
  if (!result) return null;
  const { preview } = result;
  const number = (value: number) => numberText(value, language);
  const changes = result.inserted + result.updated;
  const bbox = layer?.bbox ?? region;
  return (
    <>
      <p role="status">
        {t(result.dry_run ? 'import.would' : 'import.did', {
          ...{ formatted: number(result.read), layer: layer ? say(layer.title) : wish.newTitle },
        })}
      </p>
      <dl className={styles.counts}>
        {counted.flatMap((key) =>
          result[key] > 0 || always.includes(key)
            ? [
                <div key={key} data-count={key}>
                  <dt>{t(`import.count_${key}`)}</dt>
                  <dd>{number(result[key])}</dd>
                </div>,
              ]
            : [],
        )}
      </dl>
      {preview && preview.count > preview.features.length && (
        <p className={styles.small}>
          {t('import.preview_part', { shown: number(preview.features.length), all: number(preview.count) })}
        </p>
      )}
      {result.dry_run && <EncodingNote />}
      <FaultList faults={result.faults} upload={id} />
      <div className={styles.buttons}>
        {result.dry_run ? (
          <>
            <Button onClick={reconsider}>{t('page.back')}</Button>
            <Button
              variant="filled"
              disabled={changes === 0}
              onClick={() => void commit(layer ? importFields(layer).map(({ key }) => key) : [])}
            >
              {t('import.commit', { formatted: number(changes) })}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={() => void forget()}>{t('import.another')}</Button>
            {layer && <Button onClick={() => openPanel('list', { listLayer: layer.id })}>{t('layers.table')}</Button>}
            {bbox && (
              <Button
                variant="filled"
                leftSection={<IconFocusCentered size="1rem" aria-hidden="true" />}
                onClick={() => {
                  map.draft(null);
                  flyTo(bbox);
                }}
              >
                {t('layers.zoom')}
              </Button>
            )}
          </>
        )}
      </div>
    </>
  );
}
