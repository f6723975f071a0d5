import { createHash } from 'node:crypto';
import { madeCodePrefix } from '../../database/layer_table.ts';
import type { Attribute } from '../../registry/attribute.ts';
import { attributesOf } from '../../registry/layer.ts';
import { Problem } from '../../registry/problem.ts';
import { commonProperties } from '../../registry/schema.ts';
import { type Converted, converter } from './convert.ts';
import { fitGeometry } from './fit_geometry.ts';
import type { ImportOptions, Load } from './import_file.ts';
import type { ImportRow } from './row.ts';
import type { StagedRow } from './stage.ts';

const codeAttribute: Attribute = { kind: 'text', title: { id: 'Kode', en: 'Code' }, maxLength: 100 };

/**
 * The function that makes a row ready for the stage, or says in words why it cannot be.
 * @throws Problem `invalid_input` when nothing fills an attribute that every row needs.
 */
export function rowPreparer(
  { layer, source, mapping, file }: Load,
  options: ImportOptions,
): (row: ImportRow) => StagedRow | string {
  const attributes = attributesOf(layer);
  for (const [name, { required, derived }] of attributes)
    if (required && !derived && !mapping.columns.has(name))
      throw new Problem(
        'invalid_input',
        `"${name}" is required and no field was found for it: use --map ${name}=FIELD.`,
      );
  const origin = `import:${file.name}`;
  const columns = [...mapping.columns].flatMap(([column, field]) => {
    const attribute = attributes.get(column) ?? commonProperties[column];
    return attribute ? { column, field, convert: converter(attribute, options) } : [];
  });
  const convertCode = converter(codeAttribute, { ...options, keepEmpty: false });
  // In a table a blank is a thing not yet placed; in a file of features a missing geometry is a defect.
  const mayBeUnlocated = layer.geometry === 'Point' && (source.tabular || options.unlocated);

  return (row) => {
    if (row.fault !== undefined) return row.fault;
    const staged: Record<string, string | number | boolean | null> = { source: origin };
    for (const { column, field, convert } of columns) {
      const converted: Converted = convert(row.properties[field]);
      if ('fault' in converted) return `${column} (${field}): ${converted.fault}`;
      staged[column] = converted.value;
    }
    if (row.geometry) {
      const fitted = fitGeometry(row.geometry, layer.geometry, options.region);
      if (typeof fitted === 'string') return fitted;
      if ('x' in fitted) Object.assign(staged, { _x: fitted.x, _y: fitted.y });
      else Object.assign(staged, { _shape: fitted.shape, _crosses: fitted.crosses });
    } else if (!mayBeUnlocated) {
      return source.tabular ? 'no coordinates' : 'null geometry';
    }
    const given = mapping.code === undefined ? null : row.properties[mapping.code];
    const code = convertCode(typeof given === 'string' ? given.trim() : given);
    if ('fault' in code) return `code (${mapping.code}): ${code.fault}`;
    staged.code = code.value ?? contentKey(row);
    return { ...staged, _number: row.number };
  };
}

/** A key for a row that has none: the same content gives the same key in every run, whatever is mapped. */
function contentKey({ properties, geometry }: ImportRow): string {
  const hash = createHash('sha256').update(JSON.stringify([properties, geometry]));
  return madeCodePrefix + hash.digest('base64url').slice(0, 16);
}
