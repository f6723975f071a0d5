const degree = String.raw`([+-]?\d{1,3}(?:[.,]\d+)?)\s*°?\s*(LU|LS|BT|BB|[NSEWUT])?`;
const pattern = new RegExp(String.raw`^\s*${degree}\s*(?:[;,]\s*|\s+)${degree}\s*$`, 'i');

const south = /^(LS|S)$/i;
const west = /^(BB|W)$/i;
const longitudes = /^(BT|BB|E|W|T)$/i;

/**
 * Coordinates as people write them: `-8.17, 113.70`, `-8,17; 113,70`, `8.17 S 113.70 E`, `8,17 LS 113,70 BT`.
 * Latitude first, unless the letters or the size say otherwise. Null when the text is no coordinate on Earth.
 */
export function parseCoordinates(text: string): [lon: number, lat: number] | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const [, first = '', firstSide = '', second = '', secondSide = ''] = match;
  const value = (digits: string, side: string) => {
    const size = Number(digits.replace(',', '.'));
    return south.test(side) || west.test(side) ? -Math.abs(size) : size;
  };
  const [a, b] = [value(first, firstSide), value(second, secondSide)];
  const swapped = longitudes.test(firstSide) || (Math.abs(a) > 90 && Math.abs(b) <= 90);
  const [lat, lon] = swapped ? [b, a] : [a, b];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lon, lat] : null;
}
