import { useTranslation } from 'react-i18next';
import type { AccountInfo } from '../../server/accounts/account_routes.ts';
import styles from './accounts.module.css';

interface DemoPeopleProps {
  readonly people: AccountInfo['demo'];
  readonly choose: (email: string, password: string) => void;
}

/** The demo regency's people, each a click away, with the password they all have. */
export function DemoPeople({ people, choose }: DemoPeopleProps) {
  const { t } = useTranslation();
  const password = people[0]?.password;
  return (
    <section className={styles.demo} aria-label={t('account.demo')}>
      <p className={styles.text}>
        {t('account.demo_text')} <code>{password}</code>
      </p>
      <ul className={styles.people}>
        {people.map(({ name, email, role, password: secret }) => (
          <li key={email}>
            <button type="button" onClick={() => choose(email, secret)}>
              {t(`role.${role}`)}
              <small>{name}</small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
