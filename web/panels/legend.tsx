import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { useCatalogue } from '../api/catalogue.ts';
import { type ClusterLook, clusterKey, drawCluster } from '../map/cluster_symbol.ts';
import { drawDensityRamp } from '../map/density_ramp.ts';
import { drawHeads } from '../map/draw_heads.ts';
import type { Freshness } from '../map/freshness.ts';
import type { Palette } from '../map/palette.ts';
import { centredCanvas } from '../map/symbol_parts.ts';
import { LayerSymbol } from './layer_symbol.tsx';
import styles from './legend.module.css';
import { MapDrawing, PointSymbol } from './symbol.tsx';
import { useBilingual, usePage } from './use.ts';

const freshnesses: readonly Freshness[] = ['fresh', 'ageing', 'stale', 'silent'];

/** What every symbol on the map means: the style rules of the visible layers, then how age and clusters are shown. */
export function Legend() {
  const { t } = useTranslation();
  const shown = usePage('layers');
  const layers = useCatalogue().data?.layers.filter(({ id }) => shown[id]) ?? [];
  const ageing = layers.find((layer) => layer.staleAfterMinutes !== undefined && layer.geometry.endsWith('Point'));
  const clustered = layers.some((layer) => layer.below === 'cluster');
  if (layers.length === 0) return <p className={styles.none}>{t('layers.none_on')}</p>;
  return (
    <div className={styles.legend}>
      {layers.map((layer) => (
        <LayerLegend key={layer.id} layer={layer} />
      ))}
      {ageing && (
        <section>
          <h2>{t('legend.freshness')}</h2>
          <ul>
            {freshnesses.map((freshness) => (
              <li key={freshness}>
                <PointSymbol icon={ageing.icon} freshness={freshness} />
                {t(`fresh.${freshness}`)}
              </li>
            ))}
          </ul>
        </section>
      )}
      {clustered && <ClusterLegend ages={ageing !== undefined} />}
    </div>
  );
}

function LayerLegend({ layer }: { readonly layer: CatalogueLayer }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const title = say(layer.title);
  const [only] = layer.style;
  const glyph = layer.attributes[layer.glyph ?? ''];
  if (only && layer.style.length === 1 && glyph?.kind !== 'choice' && layer.densityBelow === undefined) {
    return (
      <section>
        <ul>
          <li>
            <LayerSymbol layer={layer} rule={only} />
            {title}
          </li>
        </ul>
      </section>
    );
  }
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {layer.style.map((rule) => (
          <li key={rule.label.en}>
            <LayerSymbol layer={layer} rule={rule} />
            {say(rule.label)}
          </li>
        ))}
        {layer.densityBelow !== undefined && (
          <li>
            <MapDrawing look="density" draw={drawDensityRamp} />
            {t('legend.density')}
          </li>
        )}
        {layer.due && (
          <li>
            <PointSymbol icon={layer.icon} mark="overdue" />
            {t('legend.overdue')}
          </li>
        )}
        {layer.command && (
          <>
            <li>
              <PointSymbol icon={layer.icon} asked />
              {t('legend.asked')}
            </li>
            <li>
              <PointSymbol icon={layer.icon} mark="fault" />
              {t('legend.fault')}
            </li>
          </>
        )}
        {layer.ends && (
          <li>
            <PointSymbol icon={layer.icon} left={20} />
            {t('legend.left')}
          </li>
        )}
        {layer.heads && (
          <li>
            <MapDrawing look="heads" draw={drawExampleHeads} />
            {t('legend.heads')}
          </li>
        )}
        {isDoubtable(layer) && (
          <li>
            <PointSymbol icon={layer.icon} mark="doubt" />
            {t('legend.doubt')}
          </li>
        )}
        {layer.moving?.course && (
          <li>
            <PointSymbol icon={layer.icon} heading={45} />
            {t('legend.heading')}
          </li>
        )}
      </ul>
      {glyph?.kind === 'choice' && (
        <details className={styles.glyphs}>
          <summary>{say(glyph.title)}</summary>
          <ul>
            {Object.values(glyph.choices).map(({ id, en, icon = layer.icon }) => (
              <li key={en}>
                <LayerSymbol layer={layer} rule={{ label: { id, en }, icon }} />
                {say({ id, en })}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function drawExampleHeads(palette: Palette, ratio: number): HTMLCanvasElement {
  const [canvas, context] = centredCanvas(30, ratio);
  context.translate(0, -15);
  drawHeads(context, 0, [['green'], ['red'], ['red']], palette);
  return canvas;
}

/** Whether the value beside its symbols can be doubted. */
function isDoubtable({ attributes, valueLabel }: CatalogueLayer): boolean {
  const attribute = attributes[valueLabel ?? ''];
  return (attribute?.kind === 'number' || attribute?.kind === 'integer') && attribute.quality !== undefined;
}

const exampleCluster: Omit<ClusterLook, 'icon'> = {
  label: '12',
  size: 34,
  worst: 'warning',
  twelfths: [
    ['warning', 4],
    ['normal', 8],
  ],
  stale: false,
  soft: false,
};

function ClusterLegend({ ages }: { readonly ages: boolean }) {
  const { t } = useTranslation();
  const look = { ...exampleCluster, icon: 'pin' } as const;
  const stale = { ...look, stale: true };
  return (
    <section>
      <h2>{t('legend.cluster')}</h2>
      <ul>
        <li>
          <MapDrawing look={clusterKey(look)} draw={(palette, ratio) => drawCluster(look, palette, ratio)} />
          {t('legend.cluster_note')}
        </li>
        {ages && (
          <li>
            <MapDrawing look={clusterKey(stale)} draw={(palette, ratio) => drawCluster(stale, palette, ratio)} />
            {t('legend.cluster_stale')}
          </li>
        )}
      </ul>
    </section>
  );
}
