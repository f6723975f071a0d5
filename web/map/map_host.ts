import type OlMap from 'ol/Map.js';
import type { Language } from '../i18n/language.ts';
import { controls } from './controls.ts';
import { word } from './words.ts';

/** The element that the map is in, and the few things on it, in a language. */
export interface MapHost {
  /** Puts the map into an element; the answer takes it out again. */
  readonly attach: (target: HTMLElement) => () => void;
  readonly speak: (language: Language) => void;
}

/** Begins in no element; `attached` is told when the map is in one. */
export function mapHost(map: OlMap, first: Language, attached: () => void): MapHost {
  let language = first;
  function name() {
    map.getTargetElement()?.setAttribute('aria-label', word('map', language));
  }
  function speak(next: Language) {
    language = next;
    map.getControls().clear();
    map.getControls().extend(controls(language));
    name();
  }
  speak(first);
  return {
    attach(target) {
      target.tabIndex = 0;
      target.classList.add('map-host');
      target.setAttribute('role', 'application');
      map.setTarget(target);
      name();
      attached();
      return () => map.setTarget(undefined);
    },
    speak,
  };
}
