import { useCatalogue } from '../api/catalogue.ts';

/** Whether there is a layer that the viewer may bring a file into. */
export function useMayImport(): boolean {
  const layers = useCatalogue().data?.layers ?? [];
  return layers.some(({ actions }) => actions.some(({ name }) => name === 'create'));
}
