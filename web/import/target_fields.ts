import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { type Field, fieldsOf } from '../actions/field.ts';
import { keyTarget } from './wish.ts';

/** What an import may fill of a layer: what adding a feature asks for, but its place and its key. */
export function importFields({ actions }: CatalogueLayer): readonly Field[] {
  const create = actions.find(({ name }) => name === 'create');
  if (!create) return [];
  return fieldsOf(create, actions).filter(({ key, kind }) => kind !== 'geometry' && key !== keyTarget);
}
