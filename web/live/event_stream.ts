import type { Area } from './area.ts';
import { eventNames, type LiveEvent } from './event.ts';
import { retryMs } from './retry.ts';

/** What is listened to: layers (none: all), from a position on (null: from now). */
export interface Subscription {
  readonly layers: readonly string[];
  /** Null: everywhere. */
  readonly area: Area | null;
  readonly after: string | null;
}

/**
 * How the connection stands; `failures` in a row, `retryAt` in milliseconds since 1970 while it waits to try again, `crowded`
 * when the server has no room for it: too many streams of this account or address are open.
 */
export interface Link {
  readonly link: 'connecting' | 'live' | 'offline';
  readonly failures: number;
  readonly retryAt: number | null;
  readonly crowded: boolean;
}

/** How a connection stands that was never tried. */
export const atFirst: Link = { link: 'connecting', failures: 0, retryAt: null, crowded: false };

/** The server takes no more names in one address; more are all. */
const maxLayers = 100;
const tooMany = 429;
/** Two pings of the server (every 15 s) missing. */
const silenceMs = 35_000;

/** The address of a subscription. */
export function eventsAddress({ layers, area, after }: Subscription): string {
  const parameters = new URLSearchParams();
  if (layers.length > 0 && layers.length <= maxLayers) {
    parameters.set('layers', layers.join(','));
    if (area) parameters.set('bbox', area.bbox.join(','));
    if (area && area.everywhere.length > 0) parameters.set('everywhere', area.everywhere.join(','));
  }
  if (after !== null) parameters.set('last_event_id', after);
  return `/events?${parameters}`.replaceAll('%2C', ',').replaceAll('%3A', ':');
}

/**
 * An event stream that comes back by itself. `subscription` is asked at every attempt, so that it goes on where the
 * last one ended. The browser's own way of coming back is not used: it asks the old address, and gives up on a 503.
 */
export function eventStream(options: {
  readonly subscription: () => Subscription;
  readonly heard: (event: LiveEvent) => void;
  readonly changed: (link: Link) => void;
}): { readonly reopen: () => void; readonly retry: () => void; readonly close: () => void } {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let link: Link = atFirst;
  let heardAt = 0;
  let closed = false;

  function set(next: Link) {
    link = next;
    options.changed(link);
  }

  function drop() {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  }

  /** `refused`: the server answered, but not with a stream. */
  function failed(refused: boolean) {
    drop();
    const failures = link.failures + 1;
    const wait = retryMs(failures, Math.random());
    timer = setTimeout(open, wait);
    set({ link: 'offline', failures, retryAt: Date.now() + wait, crowded: refused && link.crowded });
  }

  /** An event source says nothing of why it was refused. */
  async function askWhy(address: string) {
    const crowded = await fetch(address, { method: 'HEAD', cache: 'no-store' }).then(
      ({ status }) => status === tooMany,
      () => false,
    );
    if (link.link === 'offline' && link.crowded !== crowded) set({ ...link, crowded });
  }

  function open() {
    if (closed) return;
    drop();
    heardAt = Date.now();
    if (link.retryAt !== null) set({ ...link, retryAt: null });
    const address = eventsAddress(options.subscription());
    const opened = new EventSource(address);
    source = opened;
    for (const event of eventNames) {
      opened.addEventListener(event, ({ data, lastEventId }: MessageEvent<string>) => {
        if (source !== opened) return;
        heardAt = Date.now();
        if (event === 'ready') set({ ...atFirst, link: 'live' });
        // An event without an id keeps the id of the one before it; only its data tells them apart.
        const id = lastEventId === lastId ? null : lastEventId;
        lastId = lastEventId;
        options.heard({ event, id: id === '' ? null : id, data: JSON.parse(data) } as LiveEvent); // as the server writes them
      });
    }
    let lastId = '';
    opened.onerror = () => {
      if (source !== opened) return;
      const refused = opened.readyState === EventSource.CLOSED;
      failed(refused);
      if (refused) void askWhy(address);
    };
  }

  const watch = setInterval(() => {
    const silent = Date.now() - heardAt;
    // This computer's clock was set back: nobody knows how long it has been.
    if (source && (silent > silenceMs || silent < 0)) failed(false);
  }, 1000);
  const retry = () => {
    if (link.link === 'offline' && !source) open();
  };
  open();
  return {
    reopen: () => {
      if (source || link.link !== 'offline') open();
    },
    retry,
    close() {
      closed = true;
      clearInterval(watch);
      drop();
    },
  };
}
