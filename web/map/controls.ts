import Attribution from 'ol/control/Attribution.js';
import type Control from 'ol/control/Control.js';
import ScaleLine from 'ol/control/ScaleLine.js';
import Zoom from 'ol/control/Zoom.js';
import type { Language } from '../i18n/language.ts';
import { word } from './words.ts';

/** The few things on the map itself, in a language: zoom buttons (a pinch needs an alternative), scale, credits. */
export function controls(language: Language): Control[] {
  const text = (label: string) =>
    Object.assign(document.createElement('span'), { textContent: label, ariaHidden: 'true' });
  const zoom = new Zoom({
    zoomInLabel: text('+'),
    zoomOutLabel: text('−'),
    zoomInTipLabel: word('zoomIn', language),
    zoomOutTipLabel: word('zoomOut', language),
    duration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 180,
  });
  return [
    zoom,
    new ScaleLine({ units: 'metric', minWidth: 72, maxWidth: 140 }),
    new Attribution({ collapsible: false, tipLabel: word('credits', language) }),
  ];
}
