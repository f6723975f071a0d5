import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../server/audit/entries.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { ValueChanges } from '../actions/value_change.tsx';
import { instantText } from '../i18n/format.ts';
import { pageState } from '../page.ts';
import { select } from '../panels/actions.ts';
import { ui } from '../panels/ui.ts';
import { useBilingual, useLanguage } from '../panels/use.ts';
import styles from './audit.module.css';

interface AuditTableProps {
  readonly entries: readonly AuditEntry[];
  readonly layers: readonly CatalogueLayer[];
}

/** Entries one a row; on a phone one under the other. */
export function AuditTable({ entries, layers }: AuditTableProps) {
  const { t } = useTranslation();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('audit.when')}</th>
          <th scope="col">{t('audit.who')}</th>
          <th scope="col">{t('audit.what')}</th>
          <th scope="col">{t('audit.changes')}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Row key={entry.n} entry={entry} layer={layers.find(({ id }) => id === entry.layer)} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ entry, layer }: { readonly entry: AuditEntry; readonly layer: CatalogueLayer | undefined }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const { n, at, actor_name, removed, account, roles, address, action, title, feature, hidden, reason, case_id } =
    entry;
  const [before, after] = [withoutAccount(entry.before), withoutAccount(entry.after)];
  const isValue = Object.keys({ ...before, ...after }).length > 0;
  const open = () => {
    if (!layer || feature === null) return;
    ui.set({ dialog: null });
    select(pageState, { layer: layer.id, id: feature });
  };
  return (
    <tr data-entry={n}>
      <td>
        <span>{instantText(Date.parse(at), language)}</span>
        <span className={styles.dim}>#{n}</span>
      </td>
      <td>
        <strong>{actor_name ?? t(removed ? 'audit.removed_person' : 'audit.nobody')}</strong>
        <span className={styles.dim}>{roles.map((role) => t(`role.${role}`)).join(', ')}</span>
        {address !== null && <span className={styles.dim}>{t('audit.from_address', { address })}</span>}
      </td>
      <td>
        <span>{title ? say(title) : action.replaceAll('_', ' ')}</span>
        {layer && feature !== null ? (
          <Anchor component="button" type="button" fz="inherit" onClick={open} title={t('audit.open')}>
            {say(layer.title)} {feature}
          </Anchor>
        ) : (
          entry.layer !== null && (
            <span className={styles.dim}>
              {entry.layer} {feature}
            </span>
          )
        )}
        {account && (
          <span className={styles.dim} title={account.id}>
            {t('audit.about', { name: account.name ?? t('audit.removed_person') })}
          </span>
        )}
        {case_id !== null && <span className={styles.dim}>{t('audit.case', { case: case_id })}</span>}
        {reason !== null && <span className={styles.dim}>{t('history.reason', { reason })}</span>}
      </td>
      <td>
        {isValue && <ValueChanges layer={layer} before={before} after={after} />}
        {hidden > 0 && <span className={styles.dim}>{t('audit.hidden', { count: hidden })}</span>}
      </td>
    </tr>
  );
}

/** Whose account it was is told by the name. */
function withoutAccount(values: AuditEntry['after']): Readonly<Record<string, unknown>> {
  const { account: _account, ...others } = values ?? {};
  return others;
}
