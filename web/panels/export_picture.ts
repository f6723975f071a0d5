import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { map } from '../page.ts';
import { fetchRest } from './later.tsx';

/** Saves what the map shows as a PNG file named after the moment; says so when it could not. */
export async function exportPicture(): Promise<void> {
  const taken = fetchRest().then(() => map.exportPng({ title: document.title }));
  const picture = await taken.catch((error: unknown) => {
    // The background lets its pictures be looked at, not copied (no CORS): waiting changes nothing.
    const refused = error instanceof DOMException && error.name === 'SecurityError';
    const message = i18next.t(refused ? 'tools.export_refused' : 'tools.export_failed');
    notifications.show({ message, color: 'accent' });
  });
  if (!picture) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(picture);
  link.download = `pendopo-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
