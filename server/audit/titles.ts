import { ownAction } from '../registry/actions/may.ts';
import type { Bilingual } from '../registry/attribute.ts';
import type { Layer } from '../registry/layer.ts';

/** What is done to features of every layer, and what is done without one. */
const titles: Readonly<Record<string, Bilingual>> = {
  create: { id: 'Menambah', en: 'Added' },
  edit: { id: 'Mengubah', en: 'Edited' },
  split: { id: 'Membagi', en: 'Split' },
  delete: { id: 'Menghapus', en: 'Deleted' },
  restore: { id: 'Memulihkan', en: 'Restored' },
  import: { id: 'Mengimpor dari berkas', en: 'Imported from a file' },
  undo: { id: 'Mengurungkan', en: 'Took back' },
  ask_second_person: { id: 'Meminta persetujuan orang kedua', en: 'Asked for a second person' },
  reject_second_person: { id: 'Menolak permintaan', en: 'Rejected what was asked' },
  run_out: { id: 'Batas waktu permintaan lewat', en: 'What was asked ran out' },
  withdraw: { id: 'Menarik permintaan', en: 'Withdrew what was asked' },
  read: { id: 'Membaca data peka', en: 'Read sensitive data' },
  read_history: { id: 'Membaca riwayat', en: 'Read the history' },
  read_audit: { id: 'Membaca jejak audit', en: 'Read the audit trail' },
  verify_audit: { id: 'Memeriksa keutuhan jejak audit', en: 'Checked the audit trail' },
  export_audit: { id: 'Mengekspor jejak audit', en: 'Exported the audit trail' },
  denied: { id: 'Ditolak', en: 'Was refused' },
  locked_out: { id: 'Terkunci karena kata sandi salah', en: 'Locked out after wrong passwords' },
  sign_in: { id: 'Masuk', en: 'Signed in' },
  sign_in_failed: { id: 'Gagal masuk', en: 'Failed to sign in' },
  sign_out: { id: 'Keluar', en: 'Signed out' },
  create_account: { id: 'Membuat akun', en: 'Made an account' },
  request_password_reset: { id: 'Meminta tautan kata sandi lewat surel', en: 'Asked for a password link by mail' },
  make_link: { id: 'Membuat tautan kata sandi', en: 'Made a link to choose a password' },
  change_password: { id: 'Mengganti kata sandi', en: 'Changed the password' },
  reset_password: { id: 'Membuat kata sandi lewat tautan', en: 'Chose a password by a link' },
  two_factor_enable: { id: 'Menyiapkan faktor kedua', en: 'Set up a second factor' },
  two_factor_verify_totp: { id: 'Menyalakan faktor kedua', en: 'Switched the second factor on' },
  two_factor_disable: { id: 'Mematikan faktor kedua', en: 'Switched the second factor off' },
  two_factor_generate_backup_codes: { id: 'Membuat kode cadangan', en: 'Made backup codes' },
  passkey_verify_registration: { id: 'Menambah kunci sandi', en: 'Added a passkey' },
  passkey_delete_passkey: { id: 'Menghapus kunci sandi', en: 'Removed a passkey' },
  link_single_sign_on: { id: 'Menghubungkan masuk tunggal (SSO)', en: 'Linked the single sign-on' },
  give_role: { id: 'Memberi peran', en: 'Gave a role' },
  take_role: { id: 'Mencabut peran', en: 'Took a role' },
  lock_account: { id: 'Mengunci akun', en: 'Locked an account' },
  unlock_account: { id: 'Membuka kunci akun', en: 'Unlocked an account' },
  remove_account: { id: 'Menghapus akun', en: 'Removed the account' },
  remove_second_factors: { id: 'Menghapus faktor kedua', en: 'Removed the second factors' },
  end_sessions: { id: 'Mengakhiri sesi', en: 'Ended sessions' },
  create_key: { id: 'Membuat kunci', en: 'Made a key' },
  pull_feed: { id: 'Menarik sumber data', en: 'Pulled a feed' },
  switch_feed: { id: 'Menyalakan atau mematikan sumber data', en: 'Switched a feed' },
  revoke_key: { id: 'Mencabut kunci', en: 'Revoked a key' },
};

/** What an act is called: as its layer's file says, else as everywhere; null for a name that only programs know. */
export function actTitle(layer: Layer | undefined, action: string): Bilingual | null {
  const own = layer && ownAction(layer, action);
  return own?.title ?? (Object.hasOwn(titles, action) ? titles[action]! : null);
}
