import { readdir } from 'node:fs/promises';
import type { Layer } from './layer.ts';
import { Problem } from './problem.ts';
import { type View, viewOf } from './view.ts';
import type { Viewer } from './viewer.ts';

const folder = new URL('../layers/', import.meta.url);

/** All layers there are: the files of `server/layers/` and those made at run time. */
export class Registry {
  readonly #layers: Map<string, Layer>;

  constructor(layers: Iterable<Layer>) {
    this.#layers = new Map([...layers].map((layer) => [layer.id, layer]));
  }

  get layers(): readonly Layer[] {
    return [...this.#layers.values()];
  }

  layer(id: string): Layer | undefined {
    return this.#layers.get(id);
  }

  add(layer: Layer): void {
    this.#layers.set(layer.id, layer);
  }

  /** The view of a layer, undefined for an unknown and for a hidden one. */
  seen(id: string, viewer: Viewer): View | undefined {
    const layer = this.#layers.get(id);
    return layer && viewOf(layer, viewer);
  }

  /** The view of a layer; an unknown and a hidden layer are the same `not_found`. */
  view(id: string, viewer: Viewer): View {
    const view = this.seen(id, viewer);
    if (!view) throw new Problem('not_found', `There is no layer '${id.slice(0, 60)}'.`);
    return view;
  }

  views(viewer: Viewer): View[] {
    return this.layers.flatMap((layer) => viewOf(layer, viewer) ?? []);
  }
}

/** Reads every file of `server/layers/`; throws when a file's name and its layer's id differ. */
export async function layerFiles(): Promise<Layer[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const { default: layer }: { default: Layer } = await import(new URL(file, folder).href);
      if (`${layer.id}.ts` !== file) throw new Error(`server/layers/${file} declares the layer '${layer.id}'`);
      return layer;
    }),
  );
}
