import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../server/registry/role.ts';
import { zoneSuffix } from '../i18n/format.ts';
import styles from './accounts.module.css';
import { roleOrder } from './roles.ts';

/** A role and where it is to be held, as typed. */
export interface RoleDraft {
  readonly role: Role;
  readonly agency: string;
  readonly areas: string;
  /** `YYYY-MM-DD`; empty: for ever. */
  readonly until: string;
}
/** The fields as the server calls them. */
export const roleKeys = ['role', 'agency', 'areas', 'expires_at'];
export const emptyRole: RoleDraft = { role: 'operator', agency: '', areas: '', until: '' };

/** The draft as the server takes it; its last day is a whole one, in the regency's time. */
export function grantOf({ role, agency, areas, until }: RoleDraft): object {
  const codes = areas.split(/[\s,;]+/).filter(Boolean);
  return {
    role,
    ...(agency.trim() !== '' && { agency: agency.trim() }),
    ...(codes.length > 0 && { areas: codes }),
    ...(until !== '' && { expires_at: `${until}T23:59:59${zoneSuffix()}` }),
  };
}

interface RoleFieldsProps {
  readonly draft: RoleDraft;
  readonly change: (draft: RoleDraft) => void;
  /** What the server found wrong with a field, in words. */
  readonly errorAt: (key: string) => string | undefined;
}

/** The fields of a role: which, in which office, in which districts or villages, until when. */
export function RoleFields({ draft, change, errorAt }: RoleFieldsProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.grid}>
      <Select
        label={t('admin.role')}
        error={errorAt('role')}
        data={roleOrder.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        value={draft.role}
        allowDeselect={false}
        onChange={(role) => role && change({ ...draft, role })}
      />
      <TextInput
        label={t('admin.agency')}
        description={t('admin.agency_hint')}
        error={errorAt('agency')}
        maxLength={100}
        value={draft.agency}
        onChange={(event) => change({ ...draft, agency: event.currentTarget.value })}
      />
      <TextInput
        label={t('admin.areas')}
        description={t('admin.areas_hint')}
        error={errorAt('areas')}
        value={draft.areas}
        onChange={(event) => change({ ...draft, areas: event.currentTarget.value })}
      />
      <TextInput
        label={t('admin.until')}
        description={t('admin.until_hint')}
        error={errorAt('expires_at')}
        type="date"
        value={draft.until}
        onChange={(event) => change({ ...draft, until: event.currentTarget.value })}
      />
    </div>
  );
}
