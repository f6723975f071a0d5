import { Autocomplete } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { fieldOrder } from './field_order.ts';
import { useHeldIn } from './use_held_in.ts';

interface AgencyFieldProps {
  readonly value: string;
  readonly change: (agency: string) => void;
  readonly error: string | undefined;
  readonly required?: boolean;
}

/** An agency: one of those that there are, or a new one. */
export function AgencyField({ value, change, error, required = false }: AgencyFieldProps) {
  const { t } = useTranslation();
  const { agencies = [] } = useHeldIn() ?? {};
  const isNew = value.trim() !== '' && agencies.length > 0 && !agencies.includes(value.trim());
  return (
    <Autocomplete
      label={t('admin.agency')}
      inputWrapperOrder={fieldOrder}
      description={t(isNew ? 'admin.agency_new' : 'admin.agency_hint')}
      error={error}
      required={required}
      maxLength={100}
      data={[...agencies]}
      value={value}
      onChange={change}
    />
  );
}
