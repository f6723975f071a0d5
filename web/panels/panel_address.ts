import { ui } from './ui.ts';

/** Keeps `panel=feeds` in the address while the panel of the data sources is open, so that it can be linked to. Returns how to stop. */
export function keepPanelAddress(): () => void {
  const write = () => {
    const { panel, panelOpen } = ui.get();
    const pairs = location.search.replace(/^\?/, '').split('&');
    const others = pairs.filter((pair) => pair !== '' && !pair.startsWith('panel='));
    const query = [...others, ...(panel === 'sources' && panelOpen ? ['panel=feeds'] : [])].join('&');
    const address = `${location.pathname}${query && `?${query}`}${location.hash}`;
    if (address !== `${location.pathname}${location.search}${location.hash}`)
      history.replaceState(history.state, '', address);
  };
  return ui.subscribe(write);
}
