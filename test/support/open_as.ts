import type { BrowserContext } from 'playwright-core';
import { expect } from 'vitest';
import type { City, OpenOptions } from './browser.ts';
import type { MapPage } from './map_page.ts';
import { password, person } from './people.ts';

/** What the browser says of refusals that the tests ask for; a deleted feature may be read once more before it is let go. */
const refused = { forgive: /status of (404|412|422)/ };

/** Who was made already, by server. */
const made = new WeakMap<City['served'], Set<string>>();

/** Opens an address as somebody who has signed in with these roles. */
export async function openAs(
  { served, open }: City,
  name: string,
  grants: Parameters<typeof person>[2][],
  address: string,
  options: OpenOptions = {},
): Promise<MapPage> {
  const email = `${name}@example.test`;
  const there = made.get(served) ?? new Set();
  made.set(served, there);
  if (!there.has(email)) await person(served, email, ...grants);
  there.add(email);
  const before = async (context: BrowserContext, origin: string) => {
    const answer = await context.request.post('/api/auth/sign-in/email', {
      data: { email, password },
      headers: { Origin: origin },
    });
    expect(answer.status(), await answer.text()).toBe(200);
  };
  return open(address, { ...refused, ...options, before });
}
