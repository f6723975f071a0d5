import { Button, Radio, Stack } from '@mantine/core';
import { IconPhotoDown, IconPolygon, IconRuler2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import { ImportButton } from '../import/import_button.tsx';
import { pageState } from '../page.ts';
import { ReplayButton } from '../replay/replay_button.tsx';
import { exportPicture } from './export_picture.ts';
import { startMeasuring, stopMeasuring } from './measuring.ts';
import styles from './panel.module.css';
import { useBilingual, usePage } from './use.ts';

/** Measuring, the background, and the picture of the map. */
export function ToolsPanel() {
  const { t } = useTranslation();
  const say = useBilingual();
  const [exporting, setExporting] = useState(false);
  const basemaps = useCatalogue().data?.basemaps ?? [];
  const chosen = usePage('basemap') || basemaps[0]?.id;
  const save = async () => {
    setExporting(true);
    await exportPicture();
    setExporting(false);
  };
  return (
    <div className={styles.panel}>
      <section>
        <h2>{t('tools.measure')}</h2>
        <div className={styles.acts}>
          <Button leftSection={<IconRuler2 size="1rem" />} onClick={() => void startMeasuring('length')}>
            {t('tools.length')}
          </Button>
          <Button leftSection={<IconPolygon size="1rem" />} onClick={() => void startMeasuring('area')}>
            {t('tools.area')}
          </Button>
          <Button variant="subtle" color="gray" onClick={() => stopMeasuring()}>
            {t('tools.stop')}
          </Button>
        </div>
        <p className={styles.note}>{t('tools.measure_hint')}</p>
      </section>
      <section>
        <h2>{t('replay.title')}</h2>
        <div className={styles.acts}>
          <ReplayButton />
        </div>
      </section>
      {basemaps.length > 0 && (
        <section>
          <Radio.Group
            label={t('tools.basemap')}
            value={chosen ?? null}
            onChange={(basemap) => pageState.set({ basemap })}
            classNames={{ label: styles.heading ?? '' }}
          >
            <Stack gap="0.5rem" mt="0.5rem">
              {basemaps.map(({ id, title }) => (
                <Radio key={id} value={id} label={say(title)} size="sm" />
              ))}
            </Stack>
          </Radio.Group>
        </section>
      )}
      <section>
        <h2>{t('tools.import')}</h2>
        <div className={styles.acts}>
          <ImportButton />
        </div>
        <p className={styles.note}>{t('tools.import_hint')}</p>
      </section>
      <section>
        <h2>{t('tools.export')}</h2>
        <div className={styles.acts}>
          <Button leftSection={<IconPhotoDown size="1rem" />} loading={exporting} onClick={() => void save()}>
            {t('tools.export_png')}
          </Button>
        </div>
      </section>
    </div>
  );
}
