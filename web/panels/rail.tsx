import {
  IconActivity,
  IconBookmark,
  IconHistory,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconList,
  IconStack2,
  IconTools,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { replay } from '../page.ts';
import styles from './rail.module.css';
import { openPanel, ui } from './ui.ts';
import { useStore } from './use.ts';

/** The panels there are, in the order of the rail and of the phone's tabs. */
export const panels = [
  { panel: 'layers', Icon: IconStack2 },
  { panel: 'list', Icon: IconList },
  { panel: 'feed', Icon: IconActivity },
  { panel: 'views', Icon: IconBookmark },
  { panel: 'tools', Icon: IconTools },
] as const;

/** The narrow column that chooses the panel; the chosen one again closes it. */
export function Rail() {
  const { t } = useTranslation();
  const chosen = useStore(ui, (value) => value.panel);
  const open = useStore(ui, (value) => value.panelOpen);
  const replaying = useStore(replay.state, (value) => value.open);
  const Fold = open ? IconLayoutSidebarLeftCollapse : IconLayoutSidebarLeftExpand;
  return (
    <nav className={styles.rail} aria-label={t('rail.label')}>
      {panels.map(({ panel, Icon }) => (
        <button
          key={panel}
          type="button"
          className={styles.item}
          aria-expanded={open && chosen === panel}
          aria-controls="panel"
          onClick={() => (open && chosen === panel ? ui.set({ panelOpen: false }) : openPanel(panel))}
        >
          <Icon size="1.375rem" stroke={1.75} aria-hidden="true" />
          {t(`rail.${panel}`)}
        </button>
      ))}
      <button
        type="button"
        className={styles.item}
        aria-pressed={replaying}
        title={`${t(replaying ? 'replay.live' : 'replay.open')} (T)`}
        onClick={() => replay.toggle()}
      >
        <IconHistory size="1.375rem" stroke={1.75} aria-hidden="true" />
        {t('replay.short')}
      </button>
      <button
        type="button"
        className={`${styles.item} ${styles.fold}`}
        aria-label={t(open ? 'rail.collapse' : 'rail.expand')}
        title={`${t(open ? 'rail.collapse' : 'rail.expand')} (B)`}
        onClick={() => ui.set({ panelOpen: !open })}
      >
        <Fold size="1.25rem" stroke={1.75} aria-hidden="true" />
      </button>
    </nav>
  );
}
