import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import type { FeedEntry } from '../live/feed.ts';
import { live } from '../page.ts';
import { feedSentence } from './feed_sentence.ts';
import { useLanguage, useStore } from './use.ts';

/** What is not urgent is said together, this often. */
const restMs = 10_000;
const alertMs = 15_000;

const isAlarm = ({ severity, told }: FeedEntry) => severity === 'critical' && told.kind !== 'deleted';

/** Says to those who hear the page what changed: what has become critical at once, the rest now and then and in brief. */
export function Announcer() {
  const { t } = useTranslation();
  const language = useLanguage();
  const layers = useCatalogue().data?.layers;
  const entries = useStore(live.feed, (value) => value.entries);
  const heard = useRef({ alarm: 0, calm: 0, at: 0 });
  const [alarm, setAlarm] = useState('');
  const [calm, setCalm] = useState('');
  useEffect(() => {
    const sentence = (entry: FeedEntry) => {
      const layer = layers?.find(({ id }) => id === entry.layer);
      return layer ? feedSentence(entry, layer, language, t) : '';
    };
    const [newest] = entries;
    if (!newest) return;
    const alarms = entries.filter((entry) => isAlarm(entry) && entry.key > heard.current.alarm);
    if (alarms.length > 0) {
      heard.current.alarm = newest.key;
      setAlarm(alarms.map(sentence).join('. '));
    }
    const say = () => {
      const fresh = entries.filter((entry) => !isAlarm(entry) && entry.key > heard.current.calm);
      heard.current = { ...heard.current, calm: newest.key, at: Date.now() };
      const [last] = fresh;
      if (last) setCalm(t('feed.announced', { count: fresh.length, last: sentence(last) }));
    };
    const timer = setTimeout(say, Math.max(500, heard.current.at + restMs - Date.now()));
    return () => clearTimeout(timer);
  }, [entries, layers, language, t]);
  useEffect(() => {
    if (alarm === '') return;
    const timer = setTimeout(() => setAlarm(''), alertMs);
    return () => clearTimeout(timer);
  }, [alarm]);
  return (
    <>
      {alarm !== '' && (
        <div role="alert" className="unseen">
          {alarm}
        </div>
      )}
      <div aria-live="polite" className="unseen">
        {calm}
      </div>
    </>
  );
}
