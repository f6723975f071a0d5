import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonRow } from '../../server/accounts/people.ts';
import { fetchJson } from '../api/fetch_json.ts';
import styles from './accounts.module.css';
import { InviteForm } from './invite_form.tsx';
import { Loaded } from './loaded.tsx';
import { PersonItem } from './person_item.tsx';

/** Everybody with an account; a new one is invited here. */
export function PeoplePart() {
  const { t } = useTranslation();
  const [inviting, setInviting] = useState(false);
  const [sought, setSought] = useState('');
  const query = useQuery({
    queryKey: ['admin', 'people'],
    queryFn: ({ signal }) => fetchJson<{ people: readonly PersonRow[] }>('/api/admin/people', { signal }),
  });
  return (
    <div className={styles.part}>
      {inviting ? (
        <InviteForm close={() => setInviting(false)} />
      ) : (
        <div className={styles.apart}>
          <TextInput
            aria-label={t('admin.seek')}
            placeholder={t('admin.seek')}
            value={sought}
            onChange={(event) => setSought(event.currentTarget.value)}
          />
          <Button variant="filled" size="sm" onClick={() => setInviting(true)}>
            {t('admin.invite')}
          </Button>
        </div>
      )}
      <Loaded query={query}>
        {({ people }) => {
          const wanted = people.filter(({ name, email }) =>
            `${name} ${email}`.toLowerCase().includes(sought.trim().toLowerCase()),
          );
          return wanted.length === 0 ? (
            <p className={styles.text}>{t('admin.nobody')}</p>
          ) : (
            <ul className={styles.rows}>
              {wanted.map((person) => (
                <PersonItem key={person.id} person={person} />
              ))}
            </ul>
          );
        }}
      </Loaded>
    </div>
  );
}
