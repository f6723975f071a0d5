import { useTranslation } from 'react-i18next';
import { CopyButton } from '../panels/copy_button.tsx';
import styles from './accounts.module.css';

/** What became of a link: mailed, or to be passed on. */
export interface Invited {
  /** Path and query; null when it was mailed. */
  readonly link: string | null;
  readonly mailed: boolean;
}

/** Says that the link is on its way, or shows it for the admin to pass on. */
export function InvitedLink({ invited: { link }, email }: { readonly invited: Invited; readonly email: string }) {
  const { t } = useTranslation();
  if (link === null)
    return (
      <p className={styles.good} role="status">
        {t('admin.mailed', { email })}
      </p>
    );
  const address = `${location.origin}${link}`;
  return (
    <div className={styles.form} role="status">
      <p className={styles.good}>{t('admin.pass_on', { email })}</p>
      <div className={styles.acts}>
        <span className={styles.secret}>{address}</span>
        <CopyButton text={address} label={t('page.copy')} />
      </div>
    </div>
  );
}
