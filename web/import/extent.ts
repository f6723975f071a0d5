import type { FeatureCollection } from 'geojson';
import type { Bbox } from '../../server/registry/catalogue.ts';
import { featureBbox } from '../panels/feature_bbox.ts';

/** The extent of features in degrees, undefined where none has a place. */
export function extentOf({ features }: FeatureCollection): Bbox | undefined {
  let extent: Bbox | undefined;
  for (const { geometry } of features) {
    const box = featureBbox(geometry);
    if (!box) continue;
    const [west, south, east, north] = extent ?? box;
    extent = [Math.min(west, box[0]), Math.min(south, box[1]), Math.max(east, box[2]), Math.max(north, box[3])];
  }
  return extent;
}
