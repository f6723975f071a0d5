import { describe, expect, test } from 'vitest';
import { permalink, readPermalink } from '../../web/map/permalink.ts';
import type { PageState } from '../../web/state.ts';

const picture: PageState = {
  center: [113.70123, -8.17],
  zoom: 12.5,
  layers: { camera: { opacity: 1 }, umkm: { opacity: 0.5 }, village: { opacity: 1, unlabelled: true } },
  filters: { camera: { status: ['offline', 'online'], owner_type: ['city'] }, complaint: { category: ['jalan'] } },
  area: [
    [113.69, -8.18],
    [113.71, -8.18],
    [113.7, -8.160001],
  ],
  selected: { layer: 'camera', id: 12 },
  replay: Date.UTC(2026, 10, 21, 12, 40, 5),
  basemap: 'builtin',
  language: 'en',
  theme: 'dark',
};

describe('permalink', () => {
  test('is readable', () => {
    expect(permalink(picture)).toBe(
      '?at=113.70123,-8.17,12.5&layers=camera,umkm:0.5,village:1:bare' +
        '&where=camera.status:offline|online;camera.owner_type:city;complaint.category:jalan' +
        '&in=113.69,-8.18|113.71,-8.18|113.7,-8.160001&sel=camera/12&t=2026-11-21T12:40:05Z&base=builtin&lang=en',
    );
  });

  test('restores the same picture, except the theme of the viewer', () => {
    const { theme: _, ...rest } = picture;
    expect(readPermalink(permalink(picture))).toEqual(rest);
  });

  test('keeps hostile values', () => {
    const values = ['a|b;c:d,e', 'x&y=z', '50%', '%7C', "O'Neil", 'émoji 🛑', '#', '+ +'];
    const state = { ...picture, filters: { camera: { status: values } } };
    expect(readPermalink(permalink(state)).filters).toEqual(state.filters);
  });

  test('survives a messenger that escapes the separators', () => {
    const escaped = permalink(picture).replaceAll('|', '%7C').replaceAll(',', '%2C').replaceAll(':', '%3A');
    expect(readPermalink(escaped)).toEqual(readPermalink(permalink(picture)));
  });

  test('no layers is not the same as no word about layers', () => {
    expect(readPermalink(permalink({ ...picture, layers: {} })).layers).toEqual({});
    expect(readPermalink('?lang=id').layers).toBeUndefined();
  });

  test.each([
    '?at=',
    '?at=,,',
    '?at=1,2',
    '?at=1,2,3,4',
    '?at=NaN,Infinity,1',
    '?at=999,0,5',
    '?at=0,0,99',
    '?in=1,2|3,4',
    '?in=1,2|3,4|5',
    '?in=1,2|3,4|5,99',
    '?in=1,2|3,|5,6',
    `?in=${Array(101).fill('1,2').join('|')}`,
    '?sel=camera',
    '?sel=camera/-1',
    '?sel=camera/1e3',
    '?sel=../etc/1',
    '?sel=camera/99999999999999999999',
    '?lang=fr',
    '?t=kemarin',
    '?t=2026-13-45T12:40:05Z',
    '?base=<script>',
    '?%E0%A4%A=1',
    '?at=%E0%A4%A',
    '?&&==&',
  ])('ignores %s', (query) => {
    expect(readPermalink(query)).toEqual({});
  });

  test('takes the good part of a half-broken list', () => {
    expect(readPermalink('?layers=camera,Bad!,umkm:7,__proto__,district:0').layers).toEqual({
      camera: { opacity: 1 },
      umkm: { opacity: 1 },
      district: { opacity: 0 },
    });
    expect(readPermalink('?where=camera.status:;camera:online;x.y.z:1;camera.status:online').filters).toEqual({
      camera: { status: ['online'] },
    });
  });

  test('a name of the prototype is only a name', () => {
    expect(readPermalink('?where=constructor.prototype:x').filters).toEqual({ constructor: { prototype: ['x'] } });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
