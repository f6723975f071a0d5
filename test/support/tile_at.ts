/** `x/y` of the tile that holds a place, Jember's 113.7° E 8.17° S unless said. */
export function tileAt(z: number, [lon, lat]: readonly [lon: number, lat: number] = [113.7, -8.17]): string {
  const x = Math.floor(((lon + 180) / 360) * 2 ** z);
  const radians = (lat * Math.PI) / 180;
  const y = Math.floor(((1 - Math.log(Math.tan(radians) + 1 / Math.cos(radians)) / Math.PI) / 2) * 2 ** z);
  return `${x}/${y}`;
}
