import styles from './notice.module.css';

/** What was refused and why, told at once to who does not see it; nothing while nothing is. */
export function Refused({ children }: { readonly children: string | null }) {
  if (children === null) return null;
  return (
    <p className={styles.refused} role="alert">
      {children}
    </p>
  );
}
