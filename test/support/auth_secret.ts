/** The `AUTH_SECRET` of all tests, so that none writes one beside the program. */
export const AUTH_SECRET = 'a secret of the tests, and of nobody else';
