import type { PageState, Store } from '../state.ts';

type State = Store<PageState>;

/** Turns a layer on (opaque) or off. */
export function toggleLayer(state: State, layer: string): void {
  state.set(({ layers }) => {
    const { [layer]: shown, ...others } = layers;
    return { layers: shown ? others : { ...layers, [layer]: { opacity: 1 } } };
  });
}

/** Turns a layer on if it is off. */
export function showLayer(state: State, layer: string): void {
  if (!state.get().layers[layer]) toggleLayer(state, layer);
}

/** Sets the opacity of a layer, 0 to 1, turning it on. */
export function setOpacity(state: State, layer: string, opacity: number): void {
  state.set(({ layers }) => ({ layers: { ...layers, [layer]: { ...layers[layer], opacity } } }));
}

/** Writes names and values of a layer on the map, or leaves them out. */
export function setLabels(state: State, layer: string, labelled: boolean): void {
  state.set(({ layers }) => {
    const opacity = layers[layer]?.opacity ?? 1;
    return { layers: { ...layers, [layer]: labelled ? { opacity } : { opacity, unlabelled: true } } };
  });
}

/** Adds a value to the chosen values of an attribute, or takes it away. */
export function toggleChoice(state: State, layer: string, attribute: string, value: string): void {
  state.set(({ filters }) => {
    const chosen = filters[layer]?.[attribute] ?? [];
    const changed = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
    const { [attribute]: _, ...others } = filters[layer] ?? {};
    const ofLayer = changed.length > 0 ? { ...others, [attribute]: changed } : others;
    const { [layer]: __, ...otherLayers } = filters;
    return { filters: Object.keys(ofLayer).length > 0 ? { ...otherLayers, [layer]: ofLayer } : otherLayers };
  });
}

/** Shows all features of a layer again. */
export function clearFilter(state: State, layer: string): void {
  state.set(({ filters }) => {
    const { [layer]: _, ...others } = filters;
    return { filters: others };
  });
}

/** Selects a feature, turning its layer on so that the map shows it; null deselects. */
export function select(state: State, selected: PageState['selected']): void {
  if (selected) showLayer(state, selected.layer);
  state.set({ selected });
}
