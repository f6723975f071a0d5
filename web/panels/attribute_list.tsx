import { useTranslation } from 'react-i18next';
import type { Attribute } from '../../server/registry/attribute.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { Lamp } from '../../server/registry/point_signs.ts';
import type { LayerFeature, Value } from '../api/feature.ts';
import { ageText } from '../i18n/age.ts';
import { dateText, instantText, numberText } from '../i18n/format.ts';
import { isOverdue } from '../map/overdue.ts';
import { signalHeads } from '../map/signal_heads.ts';
import { tileProperties } from '../map/tile_properties.ts';
import { besideReadings, isCalendarYear, isReading, isTable } from './attribute_groups.ts';
import styles from './inspector.module.css';
import { StateDot } from './symbol.tsx';
import { useBilingual, useLanguage, useNow } from './use.ts';

/** Everything else that is known of a feature, in the order its layer declares it. */
export function AttributeList({ layer, feature }: { readonly layer: CatalogueLayer; readonly feature: LayerFeature }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const { commanded, reported, verified } = layer.command ?? {};
  const drawn = layer.coverage?.area;
  const elsewhere = [
    layer.name,
    layer.state,
    commanded,
    reported,
    verified,
    drawn,
    ...besideReadings(layer.attributes),
  ];
  const shown = Object.entries(layer.attributes).filter(
    ([key, attribute]) => !isReading(attribute) && !isTable(attribute) && !elsewhere.includes(key),
  );
  if (shown.length === 0) return null;
  return (
    <section>
      <h3>{t('inspector.attributes')}</h3>
      <dl className={styles.attributes}>
        {shown.map(([key, attribute]) => (
          <div key={key}>
            <dt title={attribute.description && say(attribute.description)}>{say(attribute.title)}</dt>
            <dd>
              {key === layer.heads?.attribute ? (
                <HeadsText layer={layer} feature={feature} />
              ) : (
                <AttributeValue attribute={attribute} value={feature.properties[key] ?? null} />
              )}
              {key === layer.due?.attribute && <Overdue layer={layer} feature={feature} />}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** That the time by which something was to be done is over, and it is not done. */
function Overdue({ layer, feature }: { readonly layer: CatalogueLayer; readonly feature: LayerFeature }) {
  const { t } = useTranslation();
  const now = useNow(1000);
  if (!isOverdue(layer.due, tileProperties(layer, feature.properties), now)) return null;
  return <span className={styles.overdue}>{t('inspector.overdue')}</span>;
}

/** What burns in each signal head, in words: "1 hijau, 2 merah". */
function HeadsText({ layer, feature }: { readonly layer: CatalogueLayer; readonly feature: LayerFeature }) {
  const { t } = useTranslation();
  const heads = signalHeads(layer.heads, tileProperties(layer, feature.properties));
  if (!heads) return <span className={styles.nothing}>{t('page.no_data')}</span>;
  const words = (lamps: readonly Lamp[]) => lamps.map((lamp) => t(`lamp.${lamp}`)).join(' + ') || t('lamp.dark');
  return heads.map((lamps, head) => `${head + 1} ${words(lamps)}`).join(', ');
}

interface AttributeValueProps {
  readonly attribute: Attribute;
  readonly value: Value;
  /** On one line of its own: a dash where nothing is, a moment without its age. */
  readonly bare?: boolean;
}

/** A value as people read it, by what kind of attribute it is of. */
export function AttributeValue({ attribute, value, bare = false }: AttributeValueProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  if (value === null || value === '') return <span className={styles.nothing}>{bare ? '–' : t('page.no_data')}</span>;
  switch (attribute.kind) {
    case 'choice': {
      const choice = attribute.choices[String(value)];
      if (!choice) return String(value);
      return (
        <span className={styles.choice}>
          {choice.severity && <StateDot severity={choice.severity} />}
          {say(choice)}
        </span>
      );
    }
    case 'number':
    case 'integer':
      if (isCalendarYear(attribute)) return String(value);
      return typeof value === 'number' ? numberText(value, language) : String(value);
    case 'boolean':
      return value === true ? t('page.yes') : t('page.no');
    case 'instant':
      if (bare) return instantText(Date.parse(String(value)), language);
      return <Instant time={Date.parse(String(value))} />;
    case 'date':
      return dateText(String(value), language);
    case 'text':
      return <Text text={String(value)} />;
  }
}

/** A text; what is an address, or several, of photos for one, is a link to each. */
function Text({ text }: { readonly text: string }) {
  const words = text.trim().split(/\s+/);
  if (!words.every((word) => /^https?:\/\//.test(word) && URL.canParse(word))) return text;
  return words.map((address) => (
    <a key={address} className={styles.address} href={address} target="_blank" rel="noopener noreferrer">
      {address}
    </a>
  ));
}

/** A moment, and under it how long ago it was. */
export function Instant({ time }: { readonly time: number }) {
  const language = useLanguage();
  const now = useNow(1000);
  return (
    <>
      {instantText(time, language)}
      {time <= now && <span className={styles.ago}> {ageText((now - time) / 1000, language)}</span>}
    </>
  );
}
