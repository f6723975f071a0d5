import { type ComponentType, lazy, Suspense } from 'react';
import { AboutDialog } from './about_dialog.tsx';
import { KeysDialog } from './keys_dialog.tsx';
import { type Dialog, ui } from './ui.ts';
import { useStore } from './use.ts';

/** Every dialog of the page. What most visits need none of is loaded when first opened. */
const dialogs: Readonly<Record<Dialog, ComponentType>> = {
  keys: KeysDialog,
  about: AboutDialog,
  sign_in: lazy(() => import('../accounts/sign_in_dialog.tsx')),
  password: lazy(() => import('../accounts/password_dialog.tsx')),
  account: lazy(() => import('../accounts/account_dialog.tsx')),
  admin: lazy(() => import('../accounts/admin_dialog.tsx')),
  audit: lazy(() => import('../audit/audit_dialog.tsx')),
};

// A page that was opened before a new release asks for files that are gone: the new page has its own.
addEventListener('vite:preloadError', () => location.reload());

/** The dialog that is open. */
export function Dialogs() {
  const open = useStore(ui, (value) => value.dialog);
  if (open === null) return null;
  const Content = dialogs[open];
  return (
    <Suspense>
      <Content />
    </Suspense>
  );
}
