import { Select, TextInput } from '@mantine/core';
import type { MultiPolygon } from 'geojson';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../server/registry/role.ts';
import { zoneSuffix } from '../i18n/format.ts';
import styles from './accounts.module.css';
import { AgencyField } from './agency_field.tsx';
import { AreasField } from './areas_field.tsx';
import { fieldOrder } from './field_order.ts';
import { PolygonField } from './polygon_field.tsx';
import { roleOrder } from './roles.ts';

/** A role and where it is to be held, as typed. */
export interface RoleDraft {
  readonly role: Role;
  readonly agency: string;
  /** Codes of districts and villages. */
  readonly areas: readonly string[];
  readonly polygon: MultiPolygon | null;
  /** `YYYY-MM-DD`; empty: for ever. */
  readonly until: string;
}
/** The fields as the server calls them. */
export const roleKeys = ['role', 'agency', 'areas', 'polygon', 'expires_at'];
export const emptyRole: RoleDraft = { role: 'operator', agency: '', areas: [], polygon: null, until: '' };

/** The draft as the server takes it; its last day is a whole one, in the regency's time. */
export function grantOf({ role, agency, areas, polygon, until }: RoleDraft): object {
  return {
    role,
    ...(agency.trim() !== '' && { agency: agency.trim() }),
    ...(areas.length > 0 && { areas }),
    ...(polygon && { polygon }),
    ...(until !== '' && { expires_at: `${until}T23:59:59${zoneSuffix()}` }),
  };
}

interface RoleFieldsProps {
  readonly draft: RoleDraft;
  readonly change: (draft: RoleDraft) => void;
  /** What the server found wrong with a field, in words. */
  readonly errorAt: (key: string) => string | undefined;
}

/** The fields of a role: which, in which office, in which districts, villages or outline, until when. */
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
      <AgencyField error={errorAt('agency')} value={draft.agency} change={(agency) => change({ ...draft, agency })} />
      <AreasField error={errorAt('areas')} value={draft.areas} change={(areas) => change({ ...draft, areas })} />
      <PolygonField
        error={errorAt('polygon')}
        value={draft.polygon}
        change={(polygon) => change({ ...draft, polygon })}
      />
      <TextInput
        label={t('admin.until')}
        inputWrapperOrder={fieldOrder}
        description={t('admin.until_hint')}
        error={errorAt('expires_at')}
        type="date"
        value={draft.until}
        onChange={(event) => change({ ...draft, until: event.currentTarget.value })}
      />
    </div>
  );
}
