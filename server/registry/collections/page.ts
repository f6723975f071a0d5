import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { address, type Place, sameAddress } from './links.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A step of the way from the landing page to here: its title and its path under the API. */
export interface Step {
  readonly title: string;
  readonly path: string;
}

/** A whole page in the language asked for; `way` leads to it and ends above it. Nothing in it comes from elsewhere. */
export function page(place: Place, title: string, way: readonly Step[], body: Html): Html {
  const { language } = place;
  const say = (id: string, en: string) => (language === 'id' ? id : en);
  const other = language === 'id' ? { code: 'en', name: 'English' } : { code: 'id', name: 'Bahasa Indonesia' };
  return html`<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="${new URL(place.root).pathname}/style.css">
    <link rel="alternate" type="application/json" href="${sameAddress(place, { f: 'json' })}">
  </head>
  <body>
    <header>
      <nav aria-label="${say('Letak', 'Where you are')}">
        <ol>
          ${way.map((step) => html`<li><a href="${address(place, step.path, { f: 'html', lang: language })}">${step.title}</a></li>`)}
          <li aria-current="page">${title}</li>
        </ol>
      </nav>
      <ul>
        <li><a href="${sameAddress(place, { f: 'json' })}">JSON</a></li>
        <li><a href="${sameAddress(place, { lang: other.code, f: 'html' })}" hreflang="${other.code}" lang="${other.code}">${other.name}</a></li>
      </ul>
    </header>
    <main>
      <h1>${title}</h1>
      ${body}
    </main>
  </body>
</html>`;
}

/** A table that scrolls by itself when it is wide; the first cell of a row names it. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0">
  <table>
    <caption>${caption}</caption>
    <thead><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ([name, ...cells]) => html`<tr>${name && html`<th scope="row">${show(name)}</th>`}${cells.map(cell)}</tr>\n`,
    )}</tbody>
  </table>
</div>`;
}

/** What stands in a cell: text, a number, or text that leads somewhere. */
export type Cell = string | number | { readonly text: string; readonly href: string };

function cell(content: Cell): Html {
  return typeof content === 'number' ? html`<td class="number">${content}</td>` : html`<td>${show(content)}</td>`;
}

function show(content: Cell): Html | string {
  return typeof content === 'object' ? html`<a href="${content.href}">${content.text}</a>` : String(content);
}
