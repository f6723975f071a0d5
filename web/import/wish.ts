import type { AskedKind } from '../../server/ingest/import/asked_kind.ts';
import type { ImportForm } from '../../server/ingest/upload/form.ts';
import type { Surveyed } from '../../server/ingest/upload/steps.ts';

/** What is chosen for an import, as the form has it. */
export interface Wish {
  /** A layer's id; empty: a new one, or, for whoever may make none, not chosen yet. */
  readonly layer: string;
  readonly newId: string;
  readonly newTitle: string;
  /** In English, where it is another; empty: the same. */
  readonly newTitleEn: string;
  /** Field → attribute, or {@link keyTarget}; a field that is not here goes nowhere. */
  readonly goes: Readonly<Record<string, string>>;
  /** Field → what its attribute in a new layer is to be, over what its values say. */
  readonly kinds: Readonly<Record<string, AskedKind>>;
  readonly fileLayer: string;
  readonly srs: string;
  readonly numbers: '' | 'id' | 'en';
  readonly dates: '' | 'dmy' | 'mdy';
  readonly anywhere: boolean;
  readonly unlocated: boolean;
}

/** Where the field goes that tells the rows apart. */
export const keyTarget = 'code';

export const noWish: Wish = {
  ...{ layer: '', newId: '', newTitle: '', newTitleEn: '', goes: {}, kinds: {}, fileLayer: '', srs: '' },
  ...{ numbers: '', dates: '', anywhere: false, unlocated: false },
};

/** What the server guesses for a layer, or for a new one: field → attribute. */
export function guessedFor({ layers, may_make_layer, new_key }: Surveyed, layer: string): Wish['goes'] {
  if (layer === '') return new_key === null || !may_make_layer ? {} : { [new_key]: keyTarget };
  const guess = layers.find((each) => each.layer === layer);
  if (!guess) return {};
  const columns = Object.entries(guess.columns).map(([attribute, field]) => [field, attribute] as const);
  return Object.fromEntries([...columns, ...(guess.code === null ? [] : [[guess.code, keyTarget] as const])]);
}

/** Sends a field elsewhere; what had that place before goes nowhere. */
export function withGoing(goes: Wish['goes'], field: string, target: string): Wish['goes'] {
  const others = Object.entries(goes).filter(([each, to]) => each !== field && to !== target);
  return Object.fromEntries(target === '' ? others : [...others, [field, target]]);
}

/** The form that the server reads. `attributes`: all that the layer may be given, so that nothing is guessed behind one's back. */
export function formOf(wish: Wish, attributes: readonly string[]): Partial<ImportForm> {
  const fieldOf = (target: string) => Object.entries(wish.goes).find(([, to]) => to === target)?.[0] ?? null;
  const isNew = wish.layer === '';
  const titleEn = wish.newTitleEn.trim() === '' ? {} : { title_en: wish.newTitleEn.trim() };
  return {
    ...openingOf(wish),
    ...(isNew
      ? { new_layer: { id: wish.newId, title: wish.newTitle.trim(), ...titleEn, kinds: { ...wish.kinds } } }
      : { layer: wish.layer, map: Object.fromEntries(attributes.map((key) => [key, fieldOf(key)])) }),
    code: fieldOf(keyTarget),
    ...(wish.dates !== '' && { dates: wish.dates }),
    ...{ anywhere: wish.anywhere, unlocated: wish.unlocated },
  };
}

/** How the file is to be read. */
export function openingOf({ fileLayer, srs, numbers }: Wish) {
  return {
    ...(fileLayer !== '' && { file_layer: fileLayer }),
    ...(srs.trim() !== '' && { srs: srs.trim().toUpperCase() }),
    ...(numbers !== '' && { numbers }),
  };
}

/** A title that is typed for a new layer: its id follows, until one is typed by hand. */
export function retitled({ newId, newTitle }: Wish, title: string): Pick<Wish, 'newId' | 'newTitle'> {
  return { newTitle: title, newId: newId === idFrom(newTitle) ? idFrom(title) : newId };
}

/** An id for a new layer from its title: `Pohon pelindung` → `pohon_pelindung`. */
export function idFrom(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]+/g, '_')
    .slice(0, 48)
    .replace(/^_+|_+$/g, '');
}
