import type { StatusWords } from '../i18n/refusal_text.ts';

/** What it means when an act on a feature is refused. */
export const actWords: StatusWords = {
  401: 'act.refused_401',
  403: 'act.refused_403',
  404: 'act.refused_404',
  409: 'act.refused_409',
  412: 'act.conflict',
  422: 'refused.invalid',
};
