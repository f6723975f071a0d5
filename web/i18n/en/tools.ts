import type { EnglishOf } from '../english_of.ts';
import type { tools as indonesian } from '../id/tools.ts';

export const tools: EnglishOf<typeof indonesian> = {
  'tools.measure': 'Measure',
  'tools.length': 'Length',
  'tools.area': 'Area',
  'tools.measure_hint': 'Click point by point; double-click to finish, Esc to stop.',
  'tools.stop': 'Stop measuring',
  'tools.measure_tap': 'Tap point after point',
  'tools.measure_finish': 'End',
  'tools.measure_remove': 'Remove measurement',
  'tools.basemap': 'Basemap',
  'tools.export': 'Picture',
  'tools.export_png': 'Save PNG',
  'tools.export_failed': 'The picture could not be composed. Try again when the map has loaded.',
  'tools.export_refused':
    'The server of this background does not let its pictures be copied. Choose another background, then save again.',
  'tools.import': 'File',
  'tools.import_hint': 'Or drop a file anywhere on this page.',
};
