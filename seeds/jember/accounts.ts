import { randomInt, randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { atStart } from '../../server/accounts/demo.ts';
import { createPerson, type NewGrant } from '../../server/accounts/people.ts';
import type { Connection } from '../../server/database/connect.ts';
import { transaction } from '../../server/database/transaction.ts';
import type { Role } from '../../server/registry/role.ts';

/** One named person a role. Agencies are written as the demo regency's rows write them. */
const people: readonly (readonly [name: string, grant: NewGrant])[] = [
  ['Dewi Kartikasari', { role: 'operator' }],
  ['Bambang Suryanto', { role: 'supervisor' }],
  ['Agus Hariyadi', { role: 'disaster_officer', agency: 'BPBD' }],
  ['Rina Wulandari', { role: 'traffic_engineer', agency: 'Dishub' }],
  ['Siti Nurhaliza', { role: 'agency_operator', agency: 'DPU SDA' }],
  ['Hendro Prasetyo', { role: 'agency_head', agency: 'Dinas Koperasi dan UM' }],
  ['Slamet Riyadi', { role: 'field_officer', agency: 'DPU BMSDA', areas: ['35.09.19', '35.09.20', '35.09.21'] }],
  ['Ratna Dewanti', { role: 'leader' }],
  ['Yusuf Hidayat', { role: 'auditor', agency: 'Inspektorat' }],
  ['Maria Lestari', { role: 'data_protection_officer' }],
  ['Fajar Nugroho', { role: 'admin' }],
  ['Joko Santoso', { role: 'investor' }],
  ['Ani Rahmawati', { role: 'citizen' }],
];

/** The address of a role's demo person. */
export const demoEmail = (role: Role): string => `${role}@demo.pendopo.id`;

/**
 * Makes the demo regency's people the first time, with one password that this installation made up, and says it: the
 * sign-in dialog shows it too, on the demo regency only.
 */
export async function seedAccounts({ db }: Connection, say: (message: string) => void = () => {}): Promise<void> {
  const password = madeUp();
  const made = await transaction(db, async (trx) => {
    const mark = await trx
      .insertInto('seeded')
      .values({ layer: 'account', scale: 1 })
      .onConflict((conflict) => conflict.doNothing())
      .returning('layer')
      .executeTakeFirst();
    if (!mark) return false;
    const hashed = await hashPassword(password); // one for all: it is one password
    const now = new Date();
    for (const [name, grant] of people) {
      const { role } = grant;
      const email = demoEmail(role);
      const id = await createPerson(trx, atStart, { email, name, grants: [grant] });
      const dates = { createdAt: now, updatedAt: now };
      await trx
        .insertInto('account_credential')
        .values({ id: randomUUID(), userId: id, providerId: 'credential', accountId: id, password: hashed, ...dates })
        .execute();
      await trx.insertInto('account_demo').values({ email, role, password }).execute();
    }
    return true;
  });
  if (!made) return;
  say(`demo accounts, all with the password ${password}`);
  for (const [name, { role, agency }] of people)
    say(`  ${demoEmail(role).padEnd(42)}${name}${agency === undefined ? '' : `, ${agency}`}`);
}

/** Easy to type, and too much to try: 40 bits behind a lock-out. */
function madeUp(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const random = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
  return `jember-${random}`;
}
