import { altKeyOnly, singleClick } from 'ol/events/condition.js';
import type { EventsKey } from 'ol/events.js';
import type OlGeometry from 'ol/geom/Geometry.js';
import type SimpleGeometry from 'ol/geom/SimpleGeometry.js';
import Modify from 'ol/interaction/Modify.js';
import { unByKey } from 'ol/Observable.js';
import type VectorSource from 'ol/source/Vector.js';

/**
 * Reshaping by corners. Modify has no veto, so a move that is not allowed is taken back while it happens: the shape stays as
 * it last was allowed, and when it is let go there, as it was before. A shape that was not allowed to begin with can be
 * mended. `told`: after each move, whether it was refused.
 */
export function strictModify(
  source: VectorSource,
  isRefused: (geometry: OlGeometry) => boolean,
  told: (refused: boolean) => void,
): Modify {
  const modify = new Modify({
    source,
    deleteCondition: (event) => altKeyOnly(event) && singleClick(event),
  });
  let key: EventsKey | undefined;
  let before: OlGeometry | undefined;
  let returning = false;
  let refused = false;
  let wasRefused = false;

  modify.on('modifystart', ({ features }) => {
    // A feature of this source holds a line or a polygon.
    const geometry = features.item(0)?.getGeometry() as SimpleGeometry | undefined;
    if (key) unByKey(key);
    [refused, wasRefused] = [false, false];
    if (!geometry || isRefused(geometry)) return;
    before = geometry.clone();
    let last = geometry.getCoordinates();
    key = geometry.on('change', () => {
      if (returning) return;
      refused = isRefused(geometry);
      if (!refused) last = geometry.getCoordinates();
      else {
        wasRefused = true;
        returning = true;
        geometry.setCoordinates(last ?? []);
        returning = false;
      }
      told(refused);
    });
  });
  modify.on('modifyend', ({ features }) => {
    if (key) unByKey(key);
    const feature = features.item(0);
    // Modify remembers where it thought the corners were: a new geometry makes it look again.
    if (wasRefused) feature?.setGeometry(refused ? before : feature.getGeometry()?.clone());
  });
  return modify;
}
