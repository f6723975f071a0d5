import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconTrashOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Restorable } from '../../server/registry/actions/restorable.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { fetchJson } from '../api/fetch_json.ts';
import { refusalText } from '../i18n/refusal_text.ts';
import { pageState } from '../page.ts';
import { select } from '../panels/actions.ts';
import { Instant } from '../panels/attribute_list.tsx';
import { Refused } from '../panels/refused.tsx';
import { useBilingual } from '../panels/use.ts';
import { actWords } from './act_words.ts';
import styles from './actions.module.css';
import { actAddress, sendAct } from './send_act.ts';
import { showDone } from './show_done.ts';

/** What was deleted from a layer and can still be brought back, for whoever may. */
export function RestoreFeatures({ layer }: { readonly layer: CatalogueLayer }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!layer.actions.some(({ name }) => name === 'restore')) return null;
  return (
    <>
      <Button
        leftSection={<IconTrashOff size="1rem" aria-hidden="true" />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t('restore.title')}
      </Button>
      {open && <Deleted layer={layer} />}
    </>
  );
}

function Deleted({ layer }: { readonly layer: CatalogueLayer }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const { data, error, refetch } = useQuery({
    queryKey: ['deleted', layer.id],
    queryFn: ({ signal }) =>
      fetchJson<{ features: readonly Restorable[] }>(`/api/layers/${layer.id}/deleted`, { signal }),
    staleTime: 0,
  });
  const restore = layer.actions.find(({ name }) => name === 'restore');
  const bringBack = async (feature: Restorable) => {
    try {
      const done = await sendAct(actAddress(layer.id, feature.id, 'restore'), {});
      showDone(done, restore ? say(restore.title) : '', feature.name ?? String(feature.id), false);
      select(pageState, { layer: layer.id, id: feature.id });
    } catch (failure) {
      notifications.show({
        message: refusalText(t, failure, actWords),
        color: 'red',
        closeButtonProps: { 'aria-label': t('page.close') },
      });
    }
    void refetch();
  };
  if (error) return <Refused>{t('restore.failed')}</Refused>;
  if (!data) return <p className={styles.text}>{t('status.loading')}</p>;
  if (data.features.length === 0) return <p className={styles.text}>{t('restore.empty')}</p>;
  return (
    <ul className={styles.entries} style={{ flex: '1 1 100%' }}>
      {data.features.map((feature) => (
        <li key={feature.id} data-deleted={feature.id}>
          <span className={styles.entryHead}>
            <strong>{feature.name ?? feature.code ?? feature.id}</strong>
          </span>
          <span className={styles.term}>
            <Instant time={Date.parse(feature.deleted_at)} />
          </span>
          <span>
            <Button onClick={() => void bringBack(feature)}>{restore && say(restore.title)}</Button>
          </span>
        </li>
      ))}
    </ul>
  );
}
