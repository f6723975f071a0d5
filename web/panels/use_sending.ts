import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldError } from '../../server/registry/actions/input.ts';
import { RequestFailed } from '../api/fetch_json.ts';
import { refusalText, type StatusWords } from '../i18n/refusal_text.ts';
import { useFaultText } from './use_fault_text.ts';

interface SendingOptions {
  /** What was refused before the form was shown, in words. */
  readonly first?: string | null;
  /** What a status means here. */
  readonly words?: StatusWords;
}

/** Runs what a form or a button does: whether it is under way, and what was refused, as a whole and by field. */
export function useSending({ first = null, words = {} }: SendingOptions = {}) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const [refused, refuse] = useState<string | null>(first);
  const [errors, setErrors] = useState<Readonly<Record<string, FieldError>>>({});
  const [busy, setBusy] = useState(false);
  const run = async (act: () => Promise<void>): Promise<void> => {
    setBusy(true);
    refuse(null);
    setErrors({});
    try {
      await act();
    } catch (error) {
      refuse(refusalText(t, error, words));
      if (error instanceof RequestFailed) setErrors(byField(error.errors));
    } finally {
      setBusy(false);
    }
  };
  /** What is wrong with a field, in words. */
  const errorAt = (key: string) => errors[key] && faultText(errors[key]);
  /** What is refused, with what is wrong with fields that the form does not show. */
  const refusedBeside = (shown: readonly string[]) => {
    const others = Object.keys(errors).filter((key) => !shown.includes(key));
    // What concerns no single field is said of the whole input.
    const told = others.map((key) => (key === 'input' ? `${errorAt(key)}.` : `${key}: ${errorAt(key)}`));
    return refused && [refused, ...told].join(' ');
  };
  return { refused, busy, run, refuse, errorAt, refusedBeside };
}

/** Errors by the field that their pointer leads to: `#/input/code`, `#/name`, `#/grants/0/areas/1` → `areas`. */
function byField(errors: readonly FieldError[]): Record<string, FieldError> {
  const names = ({ pointer }: FieldError) => pointer.split('/').filter((part) => !/^(#|\d+)$/.test(part));
  const keyOf = (error: FieldError) => (names(error).at(-1) ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
  return Object.fromEntries(errors.map((error) => [keyOf(error), error]));
}
