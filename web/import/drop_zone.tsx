import { IconFileImport } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchRest } from '../panels/later.tsx';
import styles from './import.module.css';
import { useMayImport } from './use_may_import.ts';

const holdsFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;

/** Takes a file that is dropped anywhere on the page, from whoever may import; without it the browser would leave the page for it. */
export function DropZone() {
  const { t } = useTranslation();
  const may = useMayImport();
  const [over, setOver] = useState(false);
  useEffect(() => {
    /** Entering a child comes before leaving its parent. */
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth++;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const allow = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = may ? 'copy' : 'none';
    };
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (may && files.length > 0) void fetchRest().then(({ beginImport }) => beginImport(files));
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: allow, drop };
    for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener as EventListener); // of drags
    return () => {
      for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener as EventListener);
    };
  }, [may]);
  if (!over) return null;
  return (
    <div className={styles.drop}>
      <p>
        <IconFileImport size="2rem" aria-hidden="true" />
        {t(may ? 'import.drop' : 'import.sign_in')}
      </p>
    </div>
  );
}
