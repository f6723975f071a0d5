import { useQuery } from '@tanstack/react-query';
import type { Feature, Geometry } from 'geojson';
import type { PageState } from '../state.ts';
import { fetchJson } from './fetch_json.ts';

/** What a property of a feature may be on the wire. */
export type Value = string | number | boolean | null;
export type LayerFeature = Feature<Geometry | null, Readonly<Record<string, Value | undefined>>> & {
  readonly id: number;
};

const refetchMs = 15_000;

/** The address of a feature in the OGC API. */
export function featureAddress({ layer, id }: NonNullable<PageState['selected']>): string {
  return `/ogc/collections/${layer}/items/${id}`;
}

/** A feature as the inspector reads it, undefined while it loads and where none is named. */
export function useSelectedFeature(selected: PageState['selected']): LayerFeature | undefined {
  return useQuery({
    queryKey: ['feature', selected?.layer, selected?.id],
    enabled: selected !== null,
    queryFn: ({ signal }) => fetchJson<LayerFeature>(selected ? featureAddress(selected) : '', { signal }),
  }).data;
}

/** The selected feature, read again every 15 s so that its readings are not older than its age says. */
export function useFeature(selected: NonNullable<PageState['selected']>) {
  return useQuery({
    queryKey: ['feature', selected.layer, selected.id],
    queryFn: ({ signal }) => fetchJson<LayerFeature>(featureAddress(selected), { signal }),
    refetchInterval: refetchMs,
  });
}
