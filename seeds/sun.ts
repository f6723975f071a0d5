const degree = Math.PI / 180;
const dayMs = 86_400_000;
/** Height of the sun at which lamps are switched, degrees: the end of it is seen a little below the horizon. */
const switchHeight = -1;
const middle = [113.65, -8.2] as const;
const epoch2000 = Date.UTC(2000, 0, 1, 12);

/**
 * Height of the sun above the horizon in degrees, good to about 0.3°, without refraction.
 * After the low-precision formulas of the Astronomical Almanac; `at` in milliseconds since 1970.
 */
export function sunHeight(at: number, [lon, lat]: readonly [lon: number, lat: number]): number {
  const days = (at - epoch2000) / dayMs;
  const anomaly = (357.529 + 0.98560028 * days) * degree;
  const meanLongitude = 280.459 + 0.98564736 * days;
  const longitude = (meanLongitude + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * degree;
  const tilt = 23.439 * degree;
  const rightAscension = Math.atan2(Math.cos(tilt) * Math.sin(longitude), Math.cos(longitude));
  const declination = Math.asin(Math.sin(tilt) * Math.sin(longitude));
  const siderealDegrees = 280.46062 + 360.98564737 * days + lon;
  const hourAngle = siderealDegrees * degree - rightAscension;
  const sine =
    Math.sin(lat * degree) * Math.sin(declination) +
    Math.cos(lat * degree) * Math.cos(declination) * Math.cos(hourAngle);
  return Math.asin(sine) / degree;
}

/** Whether the lamps of Jember burn at a moment, milliseconds since 1970. */
export function isNight(at: number): boolean {
  return sunHeight(at, middle) < switchHeight;
}
