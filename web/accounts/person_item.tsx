import { Button, CloseButton, Menu } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonRow } from '../../server/accounts/people.ts';
import { fetchJson } from '../api/fetch_json.ts';
import { queryClient } from '../api/query_client.ts';
import { instantText } from '../i18n/format.ts';
import { Refused } from '../panels/refused.tsx';
import { useLanguage } from '../panels/use.ts';
import { useSending } from '../panels/use_sending.ts';
import styles from './accounts.module.css';
import { areaNames } from './area_names.ts';
import { type Invited, InvitedLink } from './invited_link.tsx';
import { Question } from './question.tsx';
import { emptyRole, grantOf, RoleFields, roleKeys } from './role_fields.tsx';
import { whereHeld } from './roles.ts';
import { useAccount } from './use_account.ts';
import { useHeldIn } from './use_held_in.ts';

/** What is asked before it is done. */
interface Asked {
  readonly text: string;
  readonly yes: string;
  readonly act: () => Promise<unknown>;
}

/** One person: roles, how they come in, and what an admin may do about it. */
export function PersonItem({ person }: { readonly person: PersonRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [draft, setDraft] = useState<typeof emptyRole | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const areas = areaNames(useHeldIn()?.areas ?? []);
  const [invited, setInvited] = useState<Invited | null>(null);
  const { refused, busy, run, errorAt, refusedBeside } = useSending();
  const address = `/api/admin/people/${person.id}`;
  const change = (act: () => Promise<unknown>) =>
    run(async () => {
      await act();
      await queryClient.invalidateQueries({ queryKey: ['admin', 'people'] });
    });
  const locked = person.locked_at !== null;
  const isMe = useAccount().data?.person?.id === person.id;
  const states = [
    locked && t('admin.locked'),
    !person.has_password && person.passkeys === 0 && t('admin.not_yet'),
    person.second_factor && t('account.second_factor'),
    person.passkeys > 0 && t('admin.passkeys', { count: person.passkeys }),
    person.last_seen && t('account.seen', { at: instantText(new Date(person.last_seen), language) }),
  ].filter(Boolean);
  return (
    <li>
      <span>
        <strong>{person.name}</strong>
        <span className={styles.sub}>{person.email}</span>
        {states.length > 0 && <span className={styles.sub}>{states.join(' · ')}</span>}
      </span>
      <div className={styles.acts}>
        <Button disabled={busy} onClick={() => setDraft(emptyRole)}>
          {t('admin.give_role')}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button aria-label={t('admin.more', { name: person.name })} disabled={busy} px="0.375rem">
              <IconDotsVertical size="1rem" aria-hidden="true" />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              onClick={() =>
                change(async () =>
                  setInvited(await fetchJson<Invited>(`${address}/link`, { method: 'POST', body: {} })),
                )
              }
            >
              {t('admin.new_link')}
            </Menu.Item>
            <Menu.Item
              onClick={() =>
                setAsked({
                  text: t('admin.remove_second_factors_question', { name: person.name }),
                  yes: t('admin.remove_second_factors'),
                  act: () => fetchJson(`${address}/second-factors`, { method: 'DELETE' }),
                })
              }
            >
              {t('admin.remove_second_factors')}
            </Menu.Item>
            <Menu.Item
              onClick={() => {
                const act = () => fetchJson(`${address}/locked`, { method: 'PUT', body: { locked: !locked } });
                if (locked) void change(act);
                else setAsked({ text: t('admin.lock_question', { name: person.name }), yes: t('admin.lock'), act });
              }}
            >
              {t(locked ? 'admin.unlock' : 'admin.lock')}
            </Menu.Item>
            {!isMe && <Menu.Divider />}
            {!isMe && (
              <Menu.Item
                onClick={() =>
                  setAsked({
                    text: t('admin.remove_question', { name: person.name }),
                    yes: t('admin.remove'),
                    act: () => fetchJson(address, { method: 'DELETE' }),
                  })
                }
              >
                {t('admin.remove')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </div>
      <ul className={`${styles.tags} ${styles.wide}`} aria-label={t('admin.roles')}>
        {person.grants.map((grant) => {
          const where = whereHeld(grant, { areas, polygon: t('admin.in_polygon') });
          const until =
            grant.expires_at && t('admin.until_day', { at: instantText(new Date(grant.expires_at), language) });
          const label = [t(`role.${grant.role}`), where, until].filter(Boolean).join(' · ');
          return (
            <li key={grant.id} className={styles.tag}>
              {label}
              <CloseButton
                size="1.125rem"
                disabled={busy}
                aria-label={t('admin.take_role', { role: label })}
                onClick={() =>
                  setAsked({
                    text: t('admin.take_role_question', { name: person.name, role: label }),
                    yes: t('admin.take_role_yes'),
                    act: () => fetchJson(`/api/admin/grants/${grant.id}`, { method: 'DELETE' }),
                  })
                }
              />
            </li>
          );
        })}
        {person.grants.length === 0 && (
          <li className={styles.tag} data-plain>
            {t('role.citizen')}
          </li>
        )}
      </ul>
      {asked && (
        <Question
          {...asked}
          busy={busy}
          close={() => setAsked(null)}
          onYes={() =>
            change(async () => {
              await asked.act();
              setAsked(null);
            })
          }
        />
      )}
      {refused !== null && (
        <div className={styles.wide}>
          <Refused>{refusedBeside(draft ? roleKeys : [])}</Refused>
        </div>
      )}
      {invited && (
        <div className={styles.wide}>
          <InvitedLink invited={invited} email={person.email} />
        </div>
      )}
      {draft && (
        <form
          className={`${styles.form} ${styles.wide}`}
          onSubmit={(event) => {
            event.preventDefault();
            void change(async () => {
              await fetchJson(`${address}/grants`, { method: 'POST', body: grantOf(draft) });
              setDraft(null);
            });
          }}
        >
          <RoleFields draft={draft} change={setDraft} errorAt={errorAt} />
          <div className={styles.acts}>
            <Button type="submit" variant="filled" size="sm" loading={busy}>
              {t('admin.give_role')}
            </Button>
            <Button size="sm" onClick={() => setDraft(null)}>
              {t('page.back')}
            </Button>
          </div>
        </form>
      )}
    </li>
  );
}
