import { useQuery } from '@tanstack/react-query';
import type { Possible } from '../../server/registry/actions/possible.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { fetchJson } from '../api/fetch_json.ts';
import { queryClient } from '../api/query_client.ts';
import { actAddress } from './send_act.ts';

/** What whoever is signed in may do with a feature as it is now; asked again when its state or its owner changes. */
export function usePossible(layer: CatalogueLayer, { id, properties }: LayerFeature, signedIn: boolean) {
  const { agency, area_code: area } = properties;
  const deciding = layer.actions.flatMap(({ when }) => (when ? [properties[when.attribute] ?? null] : []));
  return useQuery({
    queryKey: ['possible', layer.id, id, agency, area, ...deciding],
    queryFn: ({ signal }) => fetchJson<Possible>(actAddress(layer.id, id, 'actions'), { signal }),
    enabled: signedIn,
    staleTime: 60_000,
  });
}

/** Reads again what an act has changed. */
export async function renewFeature(layer: string, id: number): Promise<void> {
  await Promise.all(
    ['feature', 'possible', 'history'].map((kind) => queryClient.invalidateQueries({ queryKey: [kind, layer, id] })),
  );
}
