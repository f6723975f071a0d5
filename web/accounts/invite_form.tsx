import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchJson } from '../api/fetch_json.ts';
import { queryClient } from '../api/query_client.ts';
import { Refused } from '../panels/refused.tsx';
import { useSending } from '../panels/use_sending.ts';
import styles from './accounts.module.css';
import { type Invited, InvitedLink } from './invited_link.tsx';
import { emptyRole, grantOf, RoleFields, roleKeys } from './role_fields.tsx';

/** Invites a person: the link goes by mail, or the admin passes it on. */
export function InviteForm({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState(emptyRole);
  const [invited, setInvited] = useState<Invited | null>(null);
  const { busy, run, errorAt, refusedBeside } = useSending();
  if (invited)
    return (
      <div className={styles.form}>
        <InvitedLink invited={invited} email={email} />
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
          setInvited(
            await fetchJson<Invited>('/api/admin/people', {
              method: 'POST',
              body: { name, email, grants: [grantOf(role)] },
            }),
          );
          await queryClient.invalidateQueries({ queryKey: ['admin', 'people'] });
        });
      }}
    >
      <div className={styles.grid}>
        <TextInput
          label={t('admin.name')}
          error={errorAt('name')}
          required
          autoFocus
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('account.email')}
          error={errorAt('email')}
          type="email"
          required
          maxLength={200}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
      </div>
      <RoleFields draft={role} change={setRole} errorAt={errorAt} />
      <Refused>{refusedBeside(['name', 'email', ...roleKeys])}</Refused>
      <div className={styles.acts}>
        <Button type="submit" variant="filled" size="sm" loading={busy}>
          {t('admin.invite')}
        </Button>
        <Button size="sm" onClick={close}>
          {t('page.back')}
        </Button>
      </div>
    </form>
  );
}
