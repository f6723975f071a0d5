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

/** How the connection stands; `failures` in a row, `retryAt` in milliseconds since 1970 while it waits to try again. */
export interface Link {
  readonly link: 'connecting' | 'live' | 'offline';
  readonly failures: number;
  readonly retryAt: number | null;
}

/** The server takes no more names in one address; more are all. */
const maxLayers = 100;
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
  let link: Link = { link: 'connecting', failures: 0, retryAt: null };
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

  function failed() {
    drop();
    const failures = link.failures + 1;
    const wait = retryMs(failures, Math.random());
    timer = setTimeout(open, wait);
    set({ link: 'offline', failures, retryAt: Date.now() + wait });
  }

  function open() {
    if (closed) return;
    drop();
    heardAt = Date.now();
    if (link.retryAt !== null) set({ ...link, retryAt: null });
    const opened = new EventSource(eventsAddress(options.subscription()));
    source = opened;
    for (const event of eventNames) {
      opened.addEventListener(event, ({ data, lastEventId }: MessageEvent<string>) => {
        if (source !== opened) return;
        heardAt = Date.now();
        if (event === 'ready') set({ link: 'live', failures: 0, retryAt: null });
        // An event without an id keeps the id of the one before it; only its data tells them apart.
        const id = lastEventId === lastId ? null : lastEventId;
        lastId = lastEventId;
        options.heard({ event, id: id === '' ? null : id, data: JSON.parse(data) } as LiveEvent); // as the server writes them
      });
    }
    let lastId = '';
    opened.onerror = () => {
      if (source === opened) failed();
    };
  }

  const watch = setInterval(() => {
    const silent = Date.now() - heardAt;
    // This computer's clock was set back: nobody knows how long it has been.
    if (source && (silent > silenceMs || silent < 0)) failed();
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
