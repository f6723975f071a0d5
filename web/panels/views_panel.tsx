import { Button, TextInput } from '@mantine/core';
import { IconDeviceTv, IconHome, IconShare } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import { permalink } from '../map/permalink.ts';
import { pageState } from '../page.ts';
import { ViewList } from '../views/view_list.tsx';
import { CopyButton } from './copy_button.tsx';
import { flyTo } from './fly_to.ts';
import styles from './panel.module.css';
import { useStore } from './use.ts';

/** The views that are kept, the address that shows this picture, to copy or share, and the ways back to the whole. */
export function ViewsPanel() {
  const { t } = useTranslation();
  const bbox = useCatalogue().data?.bbox;
  const query = useStore(pageState, permalink);
  const address = `${location.origin}${location.pathname}${query}`;
  return (
    <div className={styles.panel}>
      <ViewList />
      <div className={styles.link}>
        <TextInput readOnly label={t('views.link')} value={address} onFocus={(event) => event.currentTarget.select()} />
        <CopyButton text={address} label={t('top.copy_link')} />
      </div>
      <p className={styles.note}>{t('views.note')}</p>
      <div className={styles.acts}>
        {'share' in navigator && (
          <Button
            leftSection={<IconShare size="1rem" />}
            onClick={() => void navigator.share({ url: address }).catch(() => undefined)}
          >
            {t('views.share')}
          </Button>
        )}
        {bbox && (
          <Button leftSection={<IconHome size="1rem" />} onClick={() => flyTo(bbox)}>
            {t('views.home')}
          </Button>
        )}
        <Button
          component="a"
          href={`${query}&wall`}
          target="_blank"
          rel="noopener"
          leftSection={<IconDeviceTv size="1rem" />}
        >
          {t('views.wall')}
        </Button>
      </div>
    </div>
  );
}
