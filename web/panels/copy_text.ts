import { notifications } from '@mantine/notifications';
import i18next from 'i18next';

/**
 * Puts a text on the clipboard; true when it is there. Browsers refuse it without a secure origin, and a control room
 * may be plain HTTP on its own network: then the old way, and when that fails too the viewer is told.
 */
export async function copyText(text: string): Promise<boolean> {
  const written = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  if (written || copyBySelection(text)) return true;
  notifications.show({ message: i18next.t('page.copy_failed'), color: 'accent' });
  return false;
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  const focused = document.activeElement;
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
