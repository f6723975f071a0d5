/** Server-sent events as the hub writes them (WHATWG HTML, 9.2): one text an event, its `id` a position of the log. */

/** Features that changed, each a JSON object; without a position when there is more to come before it is reached. */
export function changeEvent(features: readonly string[], position: string | undefined, caughtUp = false): string {
  const data = `{${caughtUp ? '"catch_up":true,' : ''}"features":[${features.join(',')}]}`;
  return event('change', data, position);
}

/** Any other event; `data` becomes JSON. */
export function plainEvent(name: 'ready' | 'resync' | 'ping', data: object, position?: string): string {
  return event(name, JSON.stringify(data), position);
}

function event(name: string, data: string, position: string | undefined): string {
  return `event: ${name}\n${position === undefined ? '' : `id: ${position}\n`}data: ${data}\n\n`;
}
