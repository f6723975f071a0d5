import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { tileZoom } from './zoom.ts';

/** Whether a density surface shows at a zoom where a layer's things crowd, and its clusters are bare numbers on it. */
export function isDensity({ densityBelow }: Pick<CatalogueLayer, 'densityBelow'>, zoom: number): boolean {
  return densityBelow !== undefined && tileZoom(zoom, densityBelow) < densityBelow;
}
