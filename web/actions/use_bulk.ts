import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { fetchJson, RequestFailed } from '../api/fetch_json.ts';
import { type ItemsQuery, itemsAddress } from '../api/items.ts';
import { queryClient } from '../api/query_client.ts';
import { refusalText } from '../i18n/refusal_text.ts';
import { useSending } from '../panels/use_sending.ts';
import { actWords } from './act_words.ts';
import { sendAct } from './send_act.ts';
import { type ManyWish, sendToMany, type ToldOfMany } from './send_to_many.ts';

/** The most features that one act is done with; they are sent in batches. */
export const mostFeatures = 5000;

/** What became of taking it back: of each feature null when it was, or why not. */
export type Undone = ReadonlyMap<number, string | null>;

const readTimeoutMs = 60_000;

/** Tries an action on all that is listed, does it with those where it can be done, and takes it back. */
export function useBulk(layer: CatalogueLayer, query: ItemsQuery) {
  const { t } = useTranslation();
  const { busy, refused, run } = useSending({ words: actWords });
  const [wish, setWish] = useState<ManyWish | null>(null);
  const [tried, setTried] = useState<ToldOfMany | null>(null);
  const [undone, setUndone] = useState<Undone>(new Map());
  const [leftOut, setLeftOut] = useState<ReadonlySet<number>>(new Set());
  const [progress, setProgress] = useState<{ readonly count: number; readonly of: number } | null>(null);

  /** The same, with how far it is. */
  const runWith = (act: (told: (count: number, of: number) => void) => Promise<void>) =>
    run(() => act((count, of) => setProgress({ count, of })).finally(() => setProgress(null)));

  return {
    ...{ busy, refused, tried, undone, progress, leftOut },
    /** Takes one of the preview out of what is done, or in again. */
    toggle: (id: number) =>
      setLeftOut((all) => new Set(all.has(id) ? [...all].filter((other) => other !== id) : [...all, id])),
    preview: (wished: Omit<ManyWish, 'layer'>) =>
      runWith(async (told) => {
        const { features } = await fetchJson<{ features: readonly LayerFeature[] }>(itemsAddress(query, mostFeatures), {
          timeoutMs: readTimeoutMs,
        });
        const whole = { ...wished, layer: layer.id };
        setTried(await sendToMany(whole, features, true, (count) => told(count, features.length)));
        setWish(whole);
        setLeftOut(new Set());
      }),
    /** With those of which the preview said that it can be done, and nobody left out. */
    perform: () =>
      runWith(async (told) => {
        if (!wish || !tried) return;
        const able = tried.results.flatMap(({ id, outcome }) =>
          outcome === 'done' && !leftOut.has(id) ? (tried.features.get(id) ?? []) : [],
        );
        try {
          // What is done is told even if the rest cannot be sent.
          await sendToMany(wish, able, false, (count) => told(count, able.length), setTried);
        } finally {
          await queryClient.invalidateQueries();
        }
      }),
    /** Each on its own: that one cannot be taken back leaves the others taken back. What is left can be tried again. */
    undo: () =>
      runWith(async (told) => {
        const left = (tried?.results ?? []).filter(({ id, audit }) => audit !== undefined && undone.get(id) !== null);
        try {
          for (const [index, { id, audit }] of left.entries()) {
            const why = await sendAct(`/api/audit/${audit}/undo`, {}).then(
              () => null,
              (error: unknown) => {
                if (!isOfOne(error)) throw error;
                return refusalText(t, error, actWords);
              },
            );
            setUndone((all) => new Map([...all, [id, why]]));
            told(index + 1, left.length);
          }
        } finally {
          await queryClient.invalidateQueries();
        }
      }),
    back: () => setTried(null),
  };
}

/** Whether a refusal is of the one feature: not allowed, gone, in another state, changed again, not valid. */
function isOfOne(error: unknown): boolean {
  return error instanceof RequestFailed && [403, 404, 409, 412, 422].includes(error.status);
}

export type Bulk = ReturnType<typeof useBulk>;
