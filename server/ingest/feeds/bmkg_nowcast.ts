import { type CapAlert, parseCap } from '../cap.ts';
import { isObject } from '../import/row.ts';
import { clipped, type Feed, type FeedFault, type FeedRecord } from '../pull/feed.ts';
import { elements, elementText, parseXml } from '../xml.ts';

const dayMs = 86_400_000;

/** Weather warnings of the next hours from BMKG: an RSS list of CAP 1.2 messages. */
export const bmkg_nowcast: Feed = {
  id: 'bmkg_nowcast',
  title: { id: 'Peringatan dini cuaca BMKG', en: 'Weather warnings, BMKG' },
  attribution: 'BMKG (Badan Meteorologi, Klimatologi, dan Geofisika)',
  layer: 'weather_warning',
  everyMinutes: 5,
  mostPauseMinutes: 10, // warnings are of the next hours
  urls: ['https://www.bmkg.go.id/alerts/nowcast/id'],
  within: 'region',
  list({ bytes, url }) {
    const parsed = parseXml(bytes);
    if ('fault' in parsed) throw new Error(parsed.fault);
    const { rss } = parsed.root;
    const channel = isObject(rss) ? rss.channel : undefined;
    if (!isObject(channel)) throw new Error('is not an RSS channel');
    const urls: string[] = [];
    const faults: FeedFault[] = [];
    for (const item of elements(channel, 'item')) {
      const link = isObject(item) ? elementText(item, 'link') : undefined;
      if (link !== undefined && URL.canParse(link, url)) urls.push(new URL(link, url).href);
      else
        faults.push({
          key: isObject(item) ? (elementText(item, 'guid') ?? null) : null,
          reason: 'has no link',
          record: item,
        });
    }
    return { urls, faults };
  },
  parse({ bytes }) {
    const alert = parseCap(bytes);
    const key = keyOf(alert);
    const faults = alert.notes.map((reason) => ({ key, reason }));
    // Exercises, tests and drafts are never shown as if they were true, and what is not public is not ours to show.
    if (alert.status !== 'Actual' || alert.scope !== 'Public') return { records: [], faults };
    const replaces = alert.msgType === 'Update' || alert.msgType === 'Cancel';
    const ended = replaces ? alert.references.map(keyOf) : [];
    const record = alert.msgType === 'Alert' || alert.msgType === 'Update' ? recordOf(alert, key) : undefined;
    return { records: record ? [record] : [], faults, ended };
  },
};

function keyOf({ sender, identifier }: { readonly sender: string; readonly identifier: string }): string {
  return `${sender},${identifier}`;
}

function recordOf(alert: CapAlert, key: string): FeedRecord | undefined {
  // One <info> a language, all of the same warning.
  const info = alert.infos.find(({ language }) => /^id\b/i.test(language ?? '')) ?? alert.infos[0];
  if (!info) return undefined;
  const expires = info.expires ?? (info.effective ?? alert.sent) + dayMs;
  const time = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return {
    key,
    observedAt: new Date(alert.sent).toISOString(),
    values: {
      name: clipped(info.text('headline') ?? info.event, 300),
      event: clipped(info.event, 200),
      severity: info.severity.toLowerCase(),
      urgency: info.urgency.toLowerCase(),
      certainty: info.certainty.toLowerCase(),
      effective: time(info.effective ?? alert.sent),
      expires: time(expires),
      expiry_assumed: info.expires === undefined,
      area_desc: clipped(info.areaDesc.join(', '), 1000),
      description: clipped(info.text('description'), 5000),
      instruction: clipped(info.text('instruction'), 5000),
      sender_name: clipped(info.text('senderName'), 200),
      web: clipped(info.text('web'), 500),
    },
    place: info.polygons.length + info.circles.length === 0 ? null : { shapes: info.polygons, circles: info.circles },
  };
}
