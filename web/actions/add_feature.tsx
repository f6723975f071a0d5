import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { pageState } from '../page.ts';
import { showLayer } from '../panels/actions.ts';
import { useBilingual } from '../panels/use.ts';
import { ActionForm } from './action_form.tsx';
import styles from './actions.module.css';

/** Adds a feature to a layer, for whoever may: a form in place of the button. */
export function AddFeature({ layer }: { readonly layer: CatalogueLayer }) {
  const say = useBilingual();
  const [open, setOpen] = useState(false);
  const action = layer.actions.find(({ name }) => name === 'create');
  if (!action) return null;
  if (open)
    return (
      <div className={styles.adding}>
        <ActionForm layer={layer} feature={null} action={action} onClose={() => setOpen(false)} />
      </div>
    );
  return (
    <Button
      leftSection={<IconPlus size="1rem" aria-hidden="true" />}
      onClick={() => {
        showLayer(pageState, layer.id);
        setOpen(true);
      }}
      data-action="create"
    >
      {say(action.title)}
    </Button>
  );
}
