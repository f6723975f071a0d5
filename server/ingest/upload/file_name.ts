import { Problem } from '../../registry/problem.ts';

/** What a browser may send, by the end of its name: what the importer goes by where the content alone does not say. */
const extensions = [
  ...['.csv', '.tsv', '.txt', '.json', '.geojson', '.geojsonl', '.geojsons', '.ndjson', '.topojson', '.zip', '.shp'],
  ...['.gpkg', '.kml', '.kmz', '.gpx', '.gml', '.xlsx', '.ods', '.fgb', '.pbf', '.osm'],
];

/** The end of a file's name, of those that are known. @throws Problem `unsupported_media_type` for any other. */
export function extensionOf(name: string): string {
  const lower = name.toLowerCase();
  const found = extensions.find((each) => lower.endsWith(each));
  if (found) return found;
  throw new Problem('unsupported_media_type', `A file of one of these kinds: ${extensions.join(' ')}`);
}

const longest = 120;

/** A file's name as text for people: what comes before the last slash and what no line of text holds is left out. */
export function plainName(name: string): string {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const plain = last.replaceAll(/\p{C}/gu, '').trim();
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 10)}…${plain.slice(-9)}`;
}
