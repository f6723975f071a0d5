import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { IconBookmarkPlus, IconPencil, IconTrash } from '@tabler/icons-react';
import i18next from 'i18next';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pageState } from '../page.ts';
import { showUndo } from '../panels/show_undo.tsx';
import { useStore } from '../panels/use.ts';
import { openView, pageViews } from './page_views.ts';
import { longestName, type SavedView } from './saved_views.ts';
import styles from './views.module.css';

/** The views that are kept, to open, rename and delete, and a field that keeps the present one. */
export function ViewList() {
  const { t } = useTranslation();
  const views = useStore(pageViews.kept, (value) => value.views);
  const [name, setName] = useState('');
  const [renamed, setRenamed] = useState<string | null>(null);
  const keep = (event: SubmitEvent) => {
    event.preventDefault();
    const given = name.trim();
    if (given === '') return;
    pageViews.keep(given, pageState.get());
    setName('');
  };
  return (
    <section className={styles.views}>
      <h2>{t('views.saved')}</h2>
      {views.length === 0 && <p className={styles.note}>{t('views.empty')}</p>}
      {views.length > 0 && (
        <ol className={styles.list}>
          {views.map((view, index) => (
            <li key={view.id}>
              {renamed === view.id ? (
                <Rename view={view} onDone={() => setRenamed(null)} />
              ) : (
                <Entry view={view} index={index} onRename={() => setRenamed(view.id)} />
              )}
            </li>
          ))}
        </ol>
      )}
      <form className={styles.keep} onSubmit={keep}>
        <TextInput
          label={t('views.name')}
          placeholder={t('views.name_example')}
          value={name}
          maxLength={longestName}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button
          type="submit"
          leftSection={<IconBookmarkPlus size="1rem" aria-hidden="true" />}
          disabled={name.trim() === ''}
        >
          {t('views.keep')}
        </Button>
      </form>
    </section>
  );
}

interface EntryProps {
  readonly view: SavedView;
  readonly index: number;
  readonly onRename: () => void;
}

function Entry({ view, index, onRename }: EntryProps) {
  const { t } = useTranslation();
  const { name } = view;
  return (
    <div className={styles.entry}>
      <button type="button" className={styles.open} onClick={() => openView(view)}>
        {index < 9 ? <kbd>{index + 1}</kbd> : <span />}
        <span className={styles.name}>{name}</span>
      </button>
      <Tooltip label={t('views.rename', { name })}>
        <ActionIcon aria-label={t('views.rename', { name })} onClick={onRename}>
          <IconPencil size="1rem" aria-hidden="true" />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('views.delete', { name })}>
        <ActionIcon aria-label={t('views.delete', { name })} onClick={() => remove(view, index)}>
          <IconTrash size="1rem" aria-hidden="true" />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function Rename({ view, onDone }: { readonly view: SavedView; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(view.name);
  const rename = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== '') pageViews.rename(view.id, name.trim());
    onDone();
  };
  return (
    <form className={styles.keep} onSubmit={rename}>
      <TextInput
        data-autofocus
        ref={(field) => field?.focus()}
        aria-label={t('views.name')}
        value={name}
        maxLength={longestName}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
        }}
      />
      <Button type="submit">{t('act.save')}</Button>
    </form>
  );
}

/** Takes a view away, with ten seconds to take that back. */
function remove(view: SavedView, index: number): void {
  pageViews.remove(view.id);
  showUndo(`view-${view.id}`, i18next.t('views.deleted', { name: view.name }), () => pageViews.putBack(view, index));
}
