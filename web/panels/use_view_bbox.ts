import { useDebouncedValue } from '@mantine/hooks';
import type { Bbox } from '../../server/registry/catalogue.ts';
import { usePage } from './use.ts';
import { viewBbox } from './view_bbox.ts';

/** The extent that the map shows, a moment after it came to rest. */
export function useViewBbox(): Bbox {
  const [center] = useDebouncedValue(usePage('center'), 300);
  const [zoom] = useDebouncedValue(usePage('zoom'), 300);
  const host = document.getElementById('map');
  return viewBbox(center, zoom, host?.clientWidth ?? 0, host?.clientHeight ?? 0);
}
