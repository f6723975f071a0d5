import { asked } from '../accounts/asked.ts';
import { type Store, store } from '../state.ts';

export type Panel = 'layers' | 'list' | 'feed' | 'views' | 'tools' | 'sources' | 'import';
export type Dialog = 'keys' | 'about' | 'sign_in' | 'password' | 'account' | 'admin' | 'audit';
export type SheetHeight = 'peek' | 'half' | 'full';

/** The id of the search field, for the key that focuses it. */
export const searchFieldId = 'search';

/** What is open on this screen: not part of the picture, so not in its address. */
interface Ui {
  readonly panel: Panel;
  readonly panelOpen: boolean;
  readonly layersTab: 'layers' | 'legend';
  /** The layer whose options are unfolded. */
  readonly unfolded: string | null;
  readonly listLayer: string | null;
  /** The list is a table with a column for everything. */
  readonly wide: boolean;
  readonly legendOpen: boolean;
  readonly sheet: SheetHeight;
  readonly dialog: Dialog | null;
  /** The dialog has stepped aside: something of it is being drawn on the map. */
  readonly dialogAside: boolean;
  /** `G` was pressed: the next letter names a layer. */
  readonly going: boolean;
}

const linked = new URLSearchParams(location.search).get('panel') === 'feeds';

/** The dialog that a link asked for. */
function askedDialog(): Dialog | null {
  if (asked.passwordToken !== null) return 'password';
  return asked.ssoFailed ? 'sign_in' : null;
}

/** What is open on this screen. */
export const ui: Store<Ui> = store<Ui>({
  panel: linked ? 'sources' : 'layers',
  panelOpen: true,
  layersTab: 'layers',
  unfolded: null,
  listLayer: null,
  wide: false,
  legendOpen: false,
  sheet: linked ? 'full' : 'peek',
  dialog: askedDialog(),
  dialogAside: false,
  going: false,
});

/** Opens a panel, on a phone by raising the sheet as well. */
export function openPanel(panel: Panel, change: Partial<Ui> = {}): void {
  ui.set(({ sheet }) => ({ panel, panelOpen: true, sheet: sheet === 'peek' ? 'half' : sheet, ...change }));
}
