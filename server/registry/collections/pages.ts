import { html } from 'hono/html';
import type { Attribute } from '../attribute.ts';
import type { Summary } from '../catalogue.ts';
import { queryables } from '../schema.ts';
import type { View } from '../view.ts';
import { conformsTo } from './documents.ts';
import { propertiesOf } from './feature.ts';
import type { FeatureRow, ItemsPage } from './items.ts';
import { address, type Link, type Place } from './links.ts';
import { type Cell, type Html, page, type Step, table } from './page.ts';
import type { Language } from './parameters.ts';

const words = {
  collections: { id: 'Koleksi', en: 'Collections' },
  conformance: { id: 'Kesesuaian', en: 'Conformance' },
  documentation: { id: 'Dokumentasi API', en: 'API documentation' },
  items: { id: 'Isi', en: 'Features' },
  queryables: { id: 'Yang dapat ditanyakan', en: 'Queryables' },
  schema: { id: 'Skema', en: 'Schema' },
  title: { id: 'Judul', en: 'Title' },
  count: { id: 'Jumlah', en: 'Count' },
  newest: { id: 'Pengamatan terbaru', en: 'Newest observation' },
  extent: { id: 'Bentang (derajat)', en: 'Extent (degrees)' },
  property: { id: 'Sifat', en: 'Property' },
  value: { id: 'Nilai', en: 'Value' },
  kind: { id: 'Jenis', en: 'Kind' },
  unit: { id: 'Satuan', en: 'Unit' },
  geometry: { id: 'Geometri', en: 'Geometry' },
  next: { id: 'Berikutnya', en: 'Next' },
  prev: { id: 'Sebelumnya', en: 'Previous' },
  pages: { id: 'Halaman', en: 'Pages' },
  noPlace: { id: 'belum ada lokasi', en: 'no place yet' },
} as const;

/** The pages of one request, in its language. */
export function pages(place: Place, title: string) {
  const { language } = place;
  const t = (key: keyof typeof words) => words[key][language];
  const link = (path: string) => address(place, path, { f: 'html', lang: language });
  const home: Step = { title, path: '' };
  const toCollections: Step[] = [home, { title: t('collections'), path: '/collections' }];
  const toCollection = ({ layer }: View): Step[] => [
    ...toCollections,
    { title: layer.title[language], path: `/collections/${layer.id}` },
  ];
  const toItems = (view: View): Step[] => [
    ...toCollection(view),
    { title: t('items'), path: `/collections/${view.layer.id}/items` },
  ];

  return {
    landing: (description: string): Html =>
      page(
        place,
        title,
        [],
        html`<p>${description}</p>
        <ul>
          <li><a href="${link('/collections')}">${t('collections')}</a></li>
          <li><a href="${link('/api')}">${t('documentation')}</a></li>
          <li><a href="${link('/conformance')}">${t('conformance')}</a></li>
        </ul>`,
      ),

    conformance: (): Html =>
      page(place, t('conformance'), [home], html`<ul>${conformsTo.map((uri) => html`<li>${uri}</li>`)}</ul>`),

    collections: (views: readonly { readonly view: View; readonly summary: Summary }[]): Html => {
      const rows = views.map(({ view: { layer }, summary }): Cell[] => [
        { text: layer.title[language], href: link(`/collections/${layer.id}`) },
        layer.id,
        layer.geometry,
        summary.count,
        summary.newest ?? '–',
      ]);
      const head = [t('title'), 'id', t('geometry'), t('count'), t('newest')];
      return page(place, t('collections'), [home], table(t('collections'), head, rows));
    },

    collection: (view: View, { count, bbox, newest }: Summary): Html => {
      const { layer } = view;
      const path = `/collections/${layer.id}`;
      return page(
        place,
        layer.title[language],
        toCollections,
        html`${layer.description && html`<p>${layer.description[language]}</p>`}
        <ul>
          <li><a href="${link(`${path}/items`)}">${t('items')}</a> (${count})</li>
          <li><a href="${link(`${path}/queryables`)}">${t('queryables')}</a></li>
          <li><a href="${link(`${path}/schema`)}">${t('schema')}</a></li>
        </ul>
        <p class="note">${t('geometry')}: ${layer.geometry}. ${t('extent')}: ${bbox ? bbox.map((degrees) => degrees.toFixed(5)).join(', ') : '–'}. ${t('newest')}: ${newest ?? '–'}.</p>`,
      );
    },

    attributes: (view: View, which: 'queryables' | 'schema'): Html => {
      const rows = [...queryables(view)].map(([key, attribute]): Cell[] => [
        key,
        attribute.title[language],
        attribute.kind,
        'unit' in attribute ? (attribute.unit ?? '') : '',
        attribute.kind === 'choice' ? choices(attribute.choices, language) : '',
      ]);
      const head = [t('property'), t('title'), t('kind'), t('unit'), t('value')];
      return page(place, t(which), toCollection(view), table(t(which), head, rows));
    },

    items: (view: View, { rows, matched }: ItemsPage, links: readonly Link[]): Html => {
      const attributes = inOrder(view);
      const head = ['id', ...attributes.map(([, attribute]) => titleOf(attribute, language)), t('geometry')];
      const body = rows.map((row): Cell[] => {
        const properties = propertiesOf(view, row);
        const href = link(`/collections/${view.layer.id}/items/${row.id}`);
        const cells = attributes.map(([key, attribute]) => cellOf(attribute, properties[key] ?? null, language));
        return [{ text: String(row.id), href }, ...cells, placeOf(row) ?? t('noPlace')];
      });
      const turn = (rel: 'prev' | 'next') => {
        const found = links.find((each) => each.rel === rel);
        return found && html`<li><a rel="${rel}" href="${found.href}">${t(rel)}</a></li>`;
      };
      const caption = language === 'id' ? `${rows.length} dari ${matched}` : `${rows.length} of ${matched}`;
      return page(
        place,
        `${view.layer.title[language]}: ${t('items')}`,
        toCollection(view),
        html`${table(caption, head, body)}
        <nav aria-label="${t('pages')}"><ul class="pages">${turn('prev')}${turn('next')}</ul></nav>`,
      );
    },

    item: (view: View, row: FeatureRow): Html => {
      const properties = propertiesOf(view, row);
      const rows = inOrder(view).map(([key, attribute]): Cell[] => [
        titleOf(attribute, language),
        String(cellOf(attribute, properties[key] ?? null, language)),
      ]);
      const name = properties[view.layer.name];
      const title = typeof name === 'string' && name !== '' ? name : `${view.layer.title[language]} ${row.id}`;
      const body = table(title, [t('property'), t('value')], [...rows, [t('geometry'), placeOf(row) ?? t('noPlace')]]);
      return page(place, title, toItems(view), body);
    },
  };
}

/** The name first, then what is the layer's own, then what every layer has. */
function inOrder(view: View): [string, Attribute][] {
  const { name } = view.layer;
  const rank = (key: string) => (key === name ? 0 : view.attributes.has(key) ? 1 : 2);
  return [...queryables(view)].toSorted(([a], [b]) => rank(a) - rank(b));
}

function titleOf(attribute: Attribute, language: Language): string {
  const unit = 'unit' in attribute ? attribute.unit : undefined;
  return unit ? `${attribute.title[language]} (${unit})` : attribute.title[language];
}

function choices(of: Extract<Attribute, { kind: 'choice' }>['choices'], language: Language): string {
  return Object.entries(of)
    .map(([key, choice]) => `${key} (${choice[language]})`)
    .join(', ');
}

function cellOf(attribute: Attribute, value: string | number | boolean | null, language: Language): string | number {
  if (value === null) return '–';
  if (attribute.kind === 'choice') return attribute.choices[String(value)]?.[language] ?? String(value);
  if (attribute.kind === 'instant') return `${String(value).slice(0, 16).replace('T', ' ')} UTC`;
  if (typeof value !== 'boolean') return value;
  return language === 'id' ? (value ? 'ya' : 'tidak') : value ? 'yes' : 'no';
}

/** A point's coordinates, or the kind of a larger geometry. */
function placeOf({ geometry }: FeatureRow): string | undefined {
  if (geometry === null) return undefined;
  const { type, coordinates }: { type: string; coordinates: unknown[] } = JSON.parse(geometry);
  return type === 'Point' ? coordinates.join(' ') : type;
}
