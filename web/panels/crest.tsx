import styles from './top_bar.module.css';

/** The mark beside the regency's name: the roof of a pendopo on its four pillars. */
export function Crest() {
  return (
    <svg className={styles.crest} viewBox="0 0 32 32" aria-hidden="true">
      <path className={styles.roof} d="M11.5 5h9l2.600 6.500L31 17.500H1l7.900-6z" />
      <path className={styles.ridge} d="M9.300 11.500h13.400" />
      <path className={styles.pillars} d="M5 19v7M12 19v7M20 19v7M27 19v7" />
      <path className={styles.floor} d="M2 28h28" />
    </svg>
  );
}
