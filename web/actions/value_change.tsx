import { useTranslation } from 'react-i18next';
import { doors } from '../../server/accounts/tables.ts';
import type { Attribute } from '../../server/registry/attribute.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { roles } from '../../server/registry/role.ts';
import type { Value } from '../api/feature.ts';
import { AttributeValue, Instant } from '../panels/attribute_list.tsx';
import { useBilingual } from '../panels/use.ts';
import styles from './actions.module.css';

/** What the values of entries about people and keys are called; they belong to no layer. */
const ofNoLayer = {
  by: 'audit.by',
  email: 'account.email',
  name: 'admin.name',
  role: 'admin.role',
  areas: 'admin.areas',
  polygon: 'admin.polygon',
  expires_at: 'admin.until',
  doors: 'admin.doors',
  layers: 'admin.key_layers',
  key: 'audit.key',
  prefix: 'audit.prefix',
  person: 'audit.person',
  layer: 'audit.layer',
  feature: 'audit.feature',
  action: 'audit.what',
  from: 'audit.from',
  to: 'audit.to',
} as const;

/** Ways in, and what asks for the password again, as the trail has them. */
const waysIn = {
  'sign-in/email': 'account.password',
  'two-factor/verify-totp': 'account.code',
  'two-factor/verify-backup-code': 'account.backup_code',
  'passkey/verify-authentication': 'account.passkey',
  'change-password': 'account.change_password',
  'two-factor/enable': 'account.second_factor',
  'two-factor/disable': 'account.second_factor',
  'two-factor/generate-backup-codes': 'account.second_codes',
} as const;

/** What a column is called on the page. */
export function useTitleOf(layer: CatalogueLayer | undefined): (key: string) => string {
  const { t } = useTranslation();
  const say = useBilingual();
  return (key) => {
    const attribute = layer?.attributes[key];
    if (attribute) return say(attribute.title);
    if (!layer && Object.hasOwn(ofNoLayer, key)) return t(ofNoLayer[key as keyof typeof ofNoLayer]); // just looked
    if (key === 'geometry') return t('inspector.place');
    if (key === 'agency') return t('inspector.agency');
    if (key === 'area_code') return t('inspector.area_code');
    return key === 'code' ? say({ id: 'Kode', en: 'Code' }) : key;
  };
}

interface ShownProps {
  readonly layer: CatalogueLayer | undefined;
  readonly name: string;
  readonly value: unknown;
}

/** A value as its attribute is shown everywhere else. */
export function ShownValue({ layer, name, value }: ShownProps) {
  const { t } = useTranslation();
  if (value === null || value === undefined) return <span>{t('act.empty_value')}</span>;
  if (name === 'geometry' || (!layer && name === 'polygon')) return <span>{placeText(value)}</span>;
  const attribute: Attribute | undefined = layer?.attributes[name];
  if (!layer && name === 'by' && typeof value === 'string' && Object.hasOwn(waysIn, value))
    return <span>{t(waysIn[value as keyof typeof waysIn])}</span>; // just looked
  const role = !layer && name === 'role' ? roles.find((each) => each === value) : undefined;
  if (role) return <span>{t(`role.${role}`)}</span>;
  if (!layer && name === 'expires_at' && typeof value === 'string') return <Instant time={Date.parse(value)} />;
  if (!layer && name === 'doors' && Array.isArray(value))
    return <span>{doors.flatMap((door) => (value.includes(door) ? [t(`admin.door_${door}`)] : [])).join(', ')}</span>;
  if (!attribute && Array.isArray(value)) return <span>{value.join(', ')}</span>;
  if (!attribute) return <span>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</span>;
  return <AttributeValue attribute={attribute} value={value as Value} />; // values of attributes are values
}

/** A point by its degrees, a shape by what it is and how many positions it has. */
function placeText(geometry: unknown): string {
  const { type, coordinates }: { type?: unknown; coordinates?: unknown } = { ...Object(geometry) };
  if (type === 'Point' && Array.isArray(coordinates))
    return [coordinates[1], coordinates[0]].map((degrees) => Number(degrees).toFixed(5)).join(', ');
  const positions = Array.isArray(coordinates) ? coordinates.flat(4).length / 2 : 0;
  return `${String(type)} (${Math.floor(positions)})`;
}

interface ChangesProps {
  readonly layer: CatalogueLayer | undefined;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** What changes, one a line: before → after. */
export function ValueChanges({ layer, before, after }: ChangesProps) {
  const titleOf = useTitleOf(layer);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => (before[key] ?? after[key] ?? null) !== null, // nothing that stays nothing is no change
  );
  return (
    <ul className={styles.changes}>
      {keys.map((key) => (
        <li key={key} data-changed={key}>
          <span className={styles.term}>{titleOf(key)}</span>
          <span className={styles.values}>
            {before[key] !== undefined && before[key] !== null && (
              <>
                <span className={styles.was}>
                  <ShownValue layer={layer} name={key} value={before[key]} />
                </span>
                <span aria-hidden="true">→</span>
              </>
            )}
            <ShownValue layer={layer} name={key} value={after[key]} />
          </span>
        </li>
      ))}
    </ul>
  );
}
