const given = new URLSearchParams(location.search);

/** What a link asked of the accounts when the page was opened: to choose a password, or what came of single sign-on. */
export const asked: { readonly passwordToken: string | null; readonly ssoFailed: boolean } = {
  passwordToken: given.get('account') === 'password' ? given.get('token') : null,
  ssoFailed: given.get('account') === 'sso' && given.has('error'),
};

// A token is for once and for nobody's history.
if (given.has('account')) {
  for (const name of ['account', 'token', 'error', 'error_description']) given.delete(name);
  const rest = given.toString();
  history.replaceState(history.state, '', `${location.pathname}${rest === '' ? '' : `?${rest}`}${location.hash}`);
}
