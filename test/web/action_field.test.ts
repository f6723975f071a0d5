import { expect, test } from 'vitest';
import { listedActions } from '../../server/registry/actions/listed.ts';
import { layerFiles, Registry } from '../../server/registry/registry.ts';
import { changedValues, draftOf, type Field, faultOf, fieldsOf, meantBy } from '../../web/actions/field.ts';

const registry = new Registry(await layerFiles());
const viewer = { grants: [{ role: 'admin' }, { role: 'operator' }], person: { id: 'a', name: 'Ayu' } } as const;
const actionsOf = (layer: string) => listedActions(registry.view(layer, viewer), viewer);
const fieldsFor = (layer: string, name: string) =>
  fieldsOf(actionsOf(layer).find((action) => action.name === name)!, actionsOf(layer));
const field = (layer: string, name: string, key: string) => fieldsFor(layer, name).find((each) => each.key === key)!;

test('the form of an action is what its layer file declares', () => {
  expect(field('complaint', 'triage', 'triage')).toMatchObject({
    kind: 'choice',
    required: true,
    title: { id: 'Hasil verifikasi', en: 'Triage' },
  });
  expect(field('complaint', 'triage', 'triage').choices[0]).toEqual(['normal', { id: 'Aduan', en: 'Complaint' }]);
  expect(field('hospital', 'report_beds', 'icu_free')).toMatchObject({
    kind: 'integer',
    unit: '{bed}',
    min: 0,
    max: 10_000,
    required: false,
  });
  const adding = fieldsFor('shelter', 'create');
  expect(adding.filter(({ required }) => required).map(({ key }) => key)).toEqual(['name']);
  expect(adding.map(({ key }) => key)).toContain('geometry');
  expect(adding.map(({ key }) => key)).not.toContain('state');
});

test('every field of every form has a kind that a form can show, and every value survives it', () => {
  const samples = {
    text: 'Kali Bedadung',
    number: 0,
    integer: -3,
    boolean: false,
    date: '2026-11-21',
    instant: '2026-11-21T12:40:00.000Z',
  };
  for (const { id } of registry.layers)
    for (const action of actionsOf(id))
      for (const each of fieldsOf(action, actionsOf(id))) {
        if (each.kind === 'geometry' || each.kind === 'cut') continue;
        const value = each.kind === 'choice' ? each.choices[0]![0] : samples[each.kind];
        expect(meantBy(each, draftOf(each, value)), `${id} ${action.name} ${each.key}`).toBe(value);
        expect(meantBy(each, draftOf(each, null))).toBeNull();
      }
});

const level: Field = {
  key: 'level',
  title: { id: 'a', en: 'a' },
  kind: 'integer',
  required: true,
  choices: [],
  min: 0,
  max: 10,
};
test.each([
  ['', 'required'],
  ['3.5', 'type'],
  ['tiga', 'type'],
  ['-1', 'min'],
  ['11', 'max'],
  ['0', undefined],
])('%j in a field from 0 to 10: %s', (draft, code) => expect(faultOf(level, draft)?.code).toBe(code));

test('a time that was only shown to the minute is not changed', () => {
  const at: Field = { key: 'at', title: { id: 'a', en: 'a' }, kind: 'instant', required: false, choices: [] };
  const first = { at: draftOf(at, '2026-11-21T12:40:31.123Z') };
  expect(first.at).toBe('2026-11-21T19:40');
  expect(changedValues([at], first, first)).toEqual({});
  expect(changedValues([at], { at: '' }, first)).toEqual({ at: null });
  expect(changedValues([at], { at: '2026-11-21T19:41' }, first)).toEqual({ at: '2026-11-21T12:41:00.000Z' });
});
