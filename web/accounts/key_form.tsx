import { Button, Checkbox, MultiSelect, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Door, doors } from '../../server/accounts/tables.ts';
import type { Role } from '../../server/registry/role.ts';
import { useCatalogue } from '../api/catalogue.ts';
import { fetchJson } from '../api/fetch_json.ts';
import { queryClient } from '../api/query_client.ts';
import { zoneSuffix } from '../i18n/format.ts';
import { CopyButton } from '../panels/copy_button.tsx';
import { Refused } from '../panels/refused.tsx';
import { useBilingual } from '../panels/use.ts';
import { useSending } from '../panels/use_sending.ts';
import styles from './accounts.module.css';
import { AgencyField } from './agency_field.tsx';
import { fieldOrder } from './field_order.ts';
import { roleOrder } from './roles.ts';

/** The fields as the server calls them. */
const shownKeys = ['name', 'agency', 'layers', 'expires_at', 'doors', 'role'];

/** The day in a year from now, which a new key ends on unless it is said otherwise. */
function inAYear(): string {
  const day = new Date();
  day.setFullYear(day.getFullYear() + 1);
  return day.toISOString().slice(0, 10);
}

/** Makes a key for an agency's machine, and shows it this once. */
export function KeyForm({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const layers = useCatalogue().data?.layers ?? [];
  const [name, setName] = useState('');
  const [agency, setAgency] = useState('');
  const [opened, setOpened] = useState<readonly Door[]>(['http']);
  const [chosen, setChosen] = useState<string[]>([]);
  const [role, setRole] = useState<Role>('agency_operator');
  const [until, setUntil] = useState(inAYear);
  const [key, setKey] = useState<string | null>(null);
  const { busy, run, errorAt, refusedBeside } = useSending();
  const writes = opened.includes('write');
  const hasRole = writes || opened.includes('read');
  if (key !== null)
    return (
      <div className={styles.form} role="status">
        <p className={styles.good}>{t('admin.key_once')}</p>
        <div className={styles.acts}>
          <span className={styles.secret}>{key}</span>
          <CopyButton text={key} label={t('page.copy')} />
        </div>
        <div>
          <Button onClick={close}>{t('page.close')}</Button>
        </div>
      </div>
    );
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          const made = await fetchJson<{ key: string }>('/api/admin/keys', {
            method: 'POST',
            body: {
              ...{ name, agency, doors: opened },
              ...(chosen.length > 0 && { layers: chosen }),
              ...(hasRole && { role }),
              ...(until !== '' && { expires_at: `${until}T23:59:59${zoneSuffix()}` }),
            },
          });
          setKey(made.key);
          await queryClient.invalidateQueries({ queryKey: ['admin', 'keys'] });
        });
      }}
    >
      <div className={styles.grid}>
        <TextInput
          label={t('admin.key_name')}
          inputWrapperOrder={fieldOrder}
          description={t('admin.key_name_hint')}
          error={errorAt('name')}
          required
          autoFocus
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <AgencyField required error={errorAt('agency')} value={agency} change={setAgency} />
        <MultiSelect
          label={t('admin.key_layers')}
          inputWrapperOrder={fieldOrder}
          description={t(writes ? 'admin.key_layers_needed' : 'admin.key_layers_hint')}
          error={errorAt('layers')}
          data={layers.map(({ id, title }) => ({ value: id, label: say(title) }))}
          value={chosen}
          onChange={setChosen}
          searchable
        />
        <TextInput
          label={t('admin.until')}
          inputWrapperOrder={fieldOrder}
          description={t('admin.until_hint')}
          error={errorAt('expires_at')}
          type="date"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      </div>
      <Checkbox.Group
        label={t('admin.doors')}
        error={errorAt('doors')}
        value={[...opened]}
        onChange={(values) => setOpened(doors.filter((door) => values.includes(door)))}
      >
        <div className={styles.acts}>
          {doors.map((door) => (
            <Checkbox key={door} value={door} label={t(`admin.door_${door}`)} />
          ))}
        </div>
      </Checkbox.Group>
      {hasRole && (
        <Select
          label={t(writes ? 'admin.key_writes_as' : 'admin.key_role')}
          error={errorAt('role')}
          data={roleOrder.map((each) => ({ value: each, label: t(`role.${each}`) }))}
          value={role}
          allowDeselect={false}
          onChange={(each) => each && setRole(each)}
        />
      )}
      <Refused>{refusedBeside(shownKeys)}</Refused>
      <div className={styles.acts}>
        <Button type="submit" variant="filled" size="sm" loading={busy} disabled={opened.length === 0}>
          {t('admin.make_key')}
        </Button>
        <Button size="sm" onClick={close}>
          {t('page.back')}
        </Button>
      </div>
    </form>
  );
}
