import type OlMap from 'ol/Map.js';
import Overlay from 'ol/Overlay.js';
import { fromLonLat } from 'ol/proj.js';

/** A ring around a place that is spoken of elsewhere on the page, such as the row under the pointer. */
export function highlight(map: OlMap): (at: readonly [lon: number, lat: number] | null) => void {
  const element = document.createElement('div');
  element.className = 'map-highlight';
  element.setAttribute('aria-hidden', 'true');
  const overlay = new Overlay({ element, positioning: 'center-center', stopEvent: false });
  map.addOverlay(overlay);
  return (at) => overlay.setPosition(at ? fromLonLat([...at]) : undefined);
}
