import type { ComponentType } from 'react';
import { later } from './later.tsx';
import { type Dialog, ui } from './ui.ts';
import { useStore } from './use.ts';

/** Every dialog of the page. */
const dialogs: Readonly<Record<Dialog, ComponentType>> = {
  keys: later('KeysDialog'),
  about: later('AboutDialog'),
  sign_in: later('SignInDialog'),
  password: later('PasswordDialog'),
  account: later('AccountDialog'),
  admin: later('AdminDialog'),
  audit: later('AuditDialog'),
};

/** The dialog that is open. */
export function Dialogs() {
  const open = useStore(ui, (value) => value.dialog);
  if (open === null) return null;
  const Content = dialogs[open];
  return <Content />;
}
