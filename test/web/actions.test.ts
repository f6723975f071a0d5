import { expect, test } from 'vitest';
import { clearFilter, select, setOpacity, showLayer, toggleChoice, toggleLayer } from '../../web/panels/actions.ts';
import { filterText, type PageState, store } from '../../web/state.ts';

const page = (change: Partial<PageState> = {}) =>
  store<PageState>({
    center: [113.7, -8.17],
    zoom: 9,
    layers: {},
    filters: {},
    selected: null,
    basemap: '',
    language: 'id',
    theme: 'auto',
    ...change,
  });

test('a layer goes on opaque and off without a trace; showing a shown layer keeps its opacity', () => {
  const state = page();
  toggleLayer(state, 'siren');
  expect(state.get().layers).toEqual({ siren: { opacity: 1 } });
  setOpacity(state, 'siren', 0.4);
  showLayer(state, 'siren');
  expect(state.get().layers).toEqual({ siren: { opacity: 0.4 } });
  toggleLayer(state, 'siren');
  expect(state.get().layers).toEqual({});
});

test('choices gather into one CQL2 text and leave nothing behind', () => {
  const state = page();
  toggleChoice(state, 'river_gauge', 'siaga', '2');
  toggleChoice(state, 'river_gauge', 'siaga', '1');
  toggleChoice(state, 'river_gauge', 'trend', 'rising');
  expect(filterText({ ptz: ['true', 'false'], a: ["O'N"] }, (key) => key === 'ptz')).toBe(
    "(ptz = true OR ptz = false) AND a IN ('O''N')",
  );
  expect(filterText(state.get().filters.river_gauge)).toBe("siaga IN ('2', '1') AND trend IN ('rising')");
  toggleChoice(state, 'river_gauge', 'siaga', '2');
  toggleChoice(state, 'river_gauge', 'siaga', '1');
  toggleChoice(state, 'river_gauge', 'trend', 'rising');
  expect(state.get().filters).toEqual({});
});

test('clearing one layer keeps the filters of the others', () => {
  const state = page({ filters: { siren: { state: ['fault'] }, camera: { status: ['offline'] } } });
  clearFilter(state, 'siren');
  expect(state.get().filters).toEqual({ camera: { status: ['offline'] } });
});

test('selecting shows the layer; deselecting leaves it', () => {
  const state = page();
  select(state, { layer: 'village', id: 7 });
  expect(state.get()).toMatchObject({ layers: { village: { opacity: 1 } }, selected: { layer: 'village', id: 7 } });
  select(state, null);
  expect(state.get()).toMatchObject({ layers: { village: { opacity: 1 } }, selected: null });
});
