import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconDots, IconPencil, IconScissors, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedAction } from '../../server/registry/actions/listed.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { useSignedIn } from '../api/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { useBilingual } from '../panels/use.ts';
import { ActionForm } from './action_form.tsx';
import styles from './actions.module.css';
import { usePossible } from './use_possible.ts';

interface FeatureActionsProps {
  readonly layer: CatalogueLayer;
  readonly feature: LayerFeature;
}

/** What whoever is signed in may do with the feature now: the layer's own actions, editing, and the rest in a menu. */
export function FeatureActions({ layer, feature }: FeatureActionsProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const signedIn = useSignedIn();
  const { data } = usePossible(layer, feature, signedIn);
  const [open, setOpen] = useState<string | null>(null);
  const possible = layer.actions.filter(({ name }) => data?.actions.includes(name));
  const action = possible.find(({ name }) => name === open);
  if (possible.length === 0) return null;
  if (action) return <ActionForm layer={layer} feature={feature} action={action} onClose={() => setOpen(null)} />;
  const rare = possible.filter(({ name }) => name === 'delete' || name === 'split');
  const label = (of: ListedAction) => say(of.title);
  return (
    <section className={styles.actions} aria-label={t('act.title')}>
      {possible
        .filter((each) => !rare.includes(each))
        .map((each) => (
          <Button
            key={each.name}
            leftSection={each.name === 'edit' ? <IconPencil size="1rem" aria-hidden="true" /> : undefined}
            onClick={() => setOpen(each.name)}
            data-action={each.name}
            aria-keyshortcuts={each.key}
            rightSection={each.key && <kbd className={styles.key} data-key={each.key} />}
          >
            {label(each)}
          </Button>
        ))}
      {rare.length > 0 && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Tooltip label={t('act.more')}>
              <ActionIcon variant="default" aria-label={t('act.more')}>
                <IconDots size="1rem" aria-hidden="true" />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            {rare.map((each) => (
              <Menu.Item
                key={each.name}
                leftSection={
                  each.name === 'delete' ? (
                    <IconTrash size="1rem" aria-hidden="true" />
                  ) : (
                    <IconScissors size="1rem" aria-hidden="true" />
                  )
                }
                onClick={() => setOpen(each.name)}
                data-action={each.name}
              >
                {label(each)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </section>
  );
}
