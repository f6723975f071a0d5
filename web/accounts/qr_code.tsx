import styles from './accounts.module.css';
import { qrCode } from './qr.ts';

/** A text as a QR code, dark on light in every theme, because cameras expect that. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const modules = qrCode(text);
  const path = modules.flatMap((row, y) => row.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : []))).join('');
  return (
    <svg className={styles.qr} viewBox={`0 0 ${modules.length} ${modules.length}`} role="img" aria-label={label}>
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
