import type { LiveEvent } from './event.ts';

const parts = (position: string): readonly [epoch: string, seq: number] => {
  const cut = position.lastIndexOf(':');
  return [position.slice(0, cut), Number(position.slice(cut + 1))];
};

/** Whether a position of the change log lies beyond another; positions of two logs cannot be compared: true. */
export function isBeyond(position: string, other: string): boolean {
  const [epoch, seq] = parts(position);
  const [otherEpoch, otherSeq] = parts(other);
  return epoch !== otherEpoch || seq > otherSeq;
}

/** The earlier of two positions, so that whoever starts there misses nothing; of two logs the first. */
export function earlier(one: string, other: string): string {
  return isBeyond(one, other) && isBeyond(other, one) ? one : isBeyond(one, other) ? other : one;
}

/**
 * Whether a tab that has everything up to a position is to apply an event, and up to where it has everything then.
 * A stream that resumes, or one that changes hands between tabs, tells some things twice: what is not beyond the
 * position is known. What was missed is applied even so: it may be of a layer that was not listened to.
 */
export function hear(
  known: string | null,
  event: LiveEvent,
): { readonly apply: boolean; readonly known: string | null } {
  const { id } = event;
  if (event.event === 'resync') return { apply: true, known: id ?? event.data.position };
  if (id === null || known === null) return { apply: true, known: id ?? known };
  const isNew = isBeyond(id, known);
  // Another log: a resync follows, and says from where to go on.
  if (event.event === 'ready') return { apply: true, known };
  const caughtUp = event.event === 'change' && event.data.catch_up === true;
  return { apply: isNew || caughtUp || event.event === 'ping', known: isNew ? id : known };
}
