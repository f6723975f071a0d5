import { MultiSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { areaNames } from './area_names.ts';
import { fieldOrder } from './field_order.ts';
import { useHeldIn } from './use_held_in.ts';

interface AreasFieldProps {
  /** Codes. */
  readonly value: readonly string[];
  readonly change: (areas: string[]) => void;
  readonly error: string | undefined;
}

const mostListed = 100;

/** Districts and villages, found by name or code. */
export function AreasField({ value, change, error }: AreasFieldProps) {
  const { t } = useTranslation();
  const { areas = [] } = useHeldIn() ?? {};
  const names = areaNames(areas);
  const data = (['district', 'village'] as const).map((layer) => ({
    group: t(`admin.areas_${layer}`),
    items: areas
      .filter((area) => area.layer === layer)
      .map(({ code }) => ({ value: code, label: `${names.get(code)} · ${code}` })),
  }));
  return (
    <MultiSelect
      label={t('admin.areas')}
      inputWrapperOrder={fieldOrder}
      description={t('admin.areas_hint')}
      error={error}
      data={data}
      value={[...value]}
      onChange={change}
      nothingFoundMessage={t('admin.areas_none')}
      limit={mostListed}
      searchable
      hidePickedOptions
    />
  );
}
