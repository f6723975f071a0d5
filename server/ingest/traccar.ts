import type { Entry } from './body.ts';
import { isObject } from './import/row.ts';

/** Id of the layer whose things Traccar tracks. */
export const traccarLayer = 'unit';

const kilometresPerKnotHour = 1.852;

/**
 * The record of a position that Traccar forwards (`forward.type=json`: `{ position, device }`): the device's own unique
 * id is the unit's code, knots become km/h. A fix that is not valid, or was sent before, says nothing of the place.
 */
export function traccarEntry(message: unknown): Entry {
  if (!isObject(message) || !isObject(message.position) || !isObject(message.device))
    return { fault: 'not { position, device }' };
  const { fixTime, deviceTime, valid, outdated, latitude, longitude, speed, course, attributes } = message.position;
  const { uniqueId } = message.device;
  const isFix = valid === true && outdated !== true;
  const battery = isObject(attributes) ? attributes.batteryLevel : undefined; // per cent; `battery` would be volts
  return {
    record: {
      code: uniqueId,
      observed_at: isFix ? fixTime : deviceTime,
      ...(isFix && { lon: longitude, lat: latitude }),
      ...(isFix && typeof speed === 'number' && { speed_km_h: Number((speed * kilometresPerKnotHour).toFixed(2)) }),
      ...(isFix && typeof course === 'number' && { course_deg: course }),
      ...(battery !== undefined && { battery_percent: battery }),
    },
  };
}
