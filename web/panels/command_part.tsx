import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { commandState } from '../map/command_state.ts';
import { AttributeValue } from './attribute_list.tsx';
import styles from './inspector.module.css';
import { PointSymbol } from './symbol.tsx';

/** What a thing was asked, what its device reported, and what is to be thought of it; nothing where nobody ever asked. */
export function CommandPart({ layer, feature }: { readonly layer: CatalogueLayer; readonly feature: LayerFeature }) {
  const { t } = useTranslation();
  const { command, attributes } = layer;
  const asked = command && attributes[command.commanded];
  const reported = command && attributes[command.reported];
  if (!command || !asked || !reported) return null;
  const commanded = feature.properties[command.commanded] ?? null;
  if (commanded === null) return null;
  const came = commandState(command, feature.properties);
  return (
    <section>
      <h3>{t('inspector.command')}</h3>
      <dl className={styles.command}>
        <div>
          <dt>{t('inspector.asked')}</dt>
          <dd>
            <AttributeValue attribute={asked} value={commanded} />
          </dd>
        </div>
        <div>
          <dt>{t('inspector.reported')}</dt>
          <dd>
            <AttributeValue attribute={reported} value={feature.properties[command.reported] ?? null} />
          </dd>
        </div>
      </dl>
      {came !== 'none' && (
        <p className={styles.came} data-came={came}>
          <PointSymbol icon={layer.icon} asked={came === 'asked'} mark={came === 'differs' ? 'fault' : undefined} />
          {t(`command.${came}`)}
        </p>
      )}
    </section>
  );
}
