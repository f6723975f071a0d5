import { type Store, store } from '../state.ts';
import { type Area, covers, type Part } from './area.ts';
import type { LiveEvent } from './event.ts';
import { atFirst, eventStream, type Link } from './event_stream.ts';
import { leadership } from './leadership.ts';
import { type Need, needs } from './needs.ts';
import { hear } from './position.ts';
import { hearServerTime, serverClock, serverNow } from './server_clock.ts';

/** How live the picture is. Times are milliseconds since 1970. */
export interface LiveState extends Link {
  /** When what is shown was true, by the server's clock: as old as the server's own picture, and as the last word from it. */
  readonly pictureAt: number | null;
  /** Up to where this tab has heard everything. */
  readonly position: string | null;
  /** This tab holds the connection for all. */
  readonly leads: boolean;
}

/** The live events of the page: one connection for all tabs of a browser profile. */
export interface LiveConnection {
  readonly state: Store<LiveState>;
  /** Says which layers this tab shows and where, and a position from before they were fetched (for the first time it is said). */
  readonly need: (layers: readonly string[], part: Part, fetchedAfter: string) => void;
  /** Hears each event once, in order. */
  readonly listen: (heard: (event: LiveEvent) => void) => void;
}

/** What tabs tell each other. `v` changes with the shape, so that tabs of two releases do not mix. */
type Message =
  | { readonly kind: 'event'; readonly event: LiveEvent }
  | {
      readonly kind: 'beat';
      readonly tab: string;
      readonly link: Link;
      readonly pictureAt: number | null;
      readonly aheadMs: number;
    }
  | { readonly kind: 'need'; readonly need: Need }
  | { readonly kind: 'bye'; readonly tab: string };
const name = 'pendopo-live-3';

const beatMs = 1000;
/** A leader silent for this long is taken over: by a tab that somebody looks at, and by one in the background. */
const silence = { visible: 3000, hidden: 45_000 };
const needAgainMs = 30_000;
/** Needs that come close together open one stream; layers that are no longer needed may stay in it for a while. */
const growMs = 50;
const shrinkMs = 5000;

/** Joins the tabs of this profile; once a page. */
export function liveConnection(): LiveConnection {
  const tab = crypto.randomUUID?.() ?? String(Math.random());
  const state = store<LiveState>({
    ...atFirst,
    ...{ pictureAt: null, position: null, leads: false },
  });
  const listeners = new Set<(event: LiveEvent) => void>();
  const wanted = needs();
  const channel = new BroadcastChannel(name);
  const say = (message: Message) => channel.postMessage(message);
  let own: Need | undefined;
  let saidAt = 0;
  let leader = '';
  let beatAt = Date.now();
  let stream: ReturnType<typeof eventStream> | undefined;
  /** Layers of the stream that was asked for, with where they are listened to, and of the last one that came. */
  let asked: readonly string[] = [];
  let askedArea: Area | null = null;
  let streamed: readonly string[] = [];
  let reopening: ReturnType<typeof setTimeout> | undefined;

  function apply(event: LiveEvent) {
    const { apply: isNew, known } = hear(state.get().position, event);
    const { data } = event;
    if ('now' in data) hearServerTime(data.now, event.event === 'ready');
    const now = serverNow();
    const age = 'as_of' in data ? Math.max(0, Date.parse(data.now) - Date.parse(data.as_of)) : 0;
    state.set(({ pictureAt }) => ({
      position: known,
      pictureAt: event.event === 'resync' ? pictureAt : Math.max(Math.min(pictureAt ?? 0, now), now - age),
    }));
    if (isNew) for (const heard of listeners) heard(event);
  }

  function beat() {
    const { link, failures, retryAt, crowded, pictureAt } = state.get();
    say({ kind: 'beat', tab, link: { link, failures, retryAt, crowded }, pictureAt, ...serverClock.get() });
  }

  function begin() {
    if (!lead.leads()) return;
    state.set({ leads: true });
    leader = tab;
    open();
  }
  function open() {
    const layers = wanted.layers(Date.now());
    if (!lead.leads() || stream || layers.length === 0) return;
    stream = eventStream({
      subscription() {
        asked = wanted.layers(Date.now());
        askedArea = wanted.area(Date.now());
        return { layers: asked, area: askedArea, after: wanted.begin(state.get().position, streamed) };
      },
      heard(event) {
        if (navigator.locks) say({ kind: 'event', event });
        apply(event);
      },
      changed(link) {
        if (link.link === 'live') streamed = asked;
        state.set(link);
        beat();
      },
    });
  }
  function end() {
    stream?.close();
    stream = undefined;
    asked = streamed = [];
    beatAt = Date.now();
    state.set({ leads: false });
  }
  const lead = leadership(name, () => setTimeout(begin, 0), end);

  /** Opens the stream anew where it does not hold what is needed, at once; where it holds more, some time. */
  function review() {
    if (!stream) return open();
    const now = Date.now();
    const exceeds = wanted.exceed(asked, askedArea, now);
    if (!exceeds && wanted.layers(now).length === asked.length && covers(wanted.area(now), askedArea)) return;
    clearTimeout(reopening);
    reopening = setTimeout(
      () => {
        const layers = wanted.layers(Date.now());
        const isSame =
          layers.join() === asked.join() && JSON.stringify(wanted.area(Date.now())) === JSON.stringify(askedArea);
        if (layers.length > 0 && !isSame) stream?.reopen();
      },
      exceeds ? growMs : shrinkMs,
    );
  }

  function sayNeed() {
    if (!own) return;
    saidAt = Date.now();
    wanted.say(own, saidAt);
    say({ kind: 'need', need: own });
    review();
  }

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (!navigator.locks) return; // every tab has a connection of its own
    if (data.kind === 'need') {
      wanted.say(data.need, Date.now());
      review();
    }
    if (data.kind === 'bye') {
      wanted.leave(data.tab);
      review();
    }
    if (lead.leads()) return;
    if (data.kind === 'event') {
      beatAt = Date.now();
      apply(data.event);
    }
    if (data.kind === 'beat') {
      beatAt = Date.now();
      serverClock.set({ aheadMs: data.aheadMs });
      state.set(({ pictureAt }) => ({ ...data.link, pictureAt: data.pictureAt ?? pictureAt }));
      if (leader !== data.tab) sayNeed(); // a new leader does not know us
      leader = data.tab;
    }
  };

  const patience = Math.random() * 500;
  setInterval(() => {
    const now = Date.now();
    if (now - saidAt > needAgainMs) sayNeed();
    if (lead.leads()) return beat();
    if (now - beatAt > silence[document.hidden ? 'hidden' : 'visible'] + patience) {
      beatAt = now;
      lead.takeOver();
    }
  }, beatMs);

  const again = () => stream?.retry();
  addEventListener('online', again);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) again();
  });
  addEventListener('pagehide', () => say({ kind: 'bye', tab }));
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) sayNeed();
  });

  return {
    state,
    need(layers, part, fetchedAfter) {
      const position = state.get().position ?? fetchedAfter;
      if (state.get().position === null) state.set({ position });
      own = { tab, layers: layers.toSorted(), part, since: position };
      sayNeed();
    },
    listen: (heard) => void listeners.add(heard),
  };
}
