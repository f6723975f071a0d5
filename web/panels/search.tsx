import { CloseButton, Combobox, Loader, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import { type Found, useSearch } from '../api/search.ts';
import { coordinateText } from '../i18n/format.ts';
import { pageState } from '../page.ts';
import { select } from './actions.ts';
import { parseCoordinates } from './coordinates.ts';
import { flyTo } from './fly_to.ts';
import styles from './search.module.css';
import { SearchOptions } from './search_options.tsx';
import { searchFieldId, ui } from './ui.ts';
import { usePage } from './use.ts';

/** Zoom at which a place without an extent is shown: a few streets. */
const placeZoom = 15;
/** Milliseconds until the panels stand and the map knows its new size. */
const settleMs = 220;
const areas = ['village', 'district'];

/** Finds features by name or code, areas, and coordinates; choosing flies there and selects. */
export function Search() {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text, 200);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const shown = usePage('layers');
  const all = useCatalogue().data?.layers ?? [];
  const layers = all.map(({ id }) => id).filter((id) => shown[id] || areas.includes(id));
  const { data, isFetching, isError } = useSearch(query, layers);
  const place = parseCoordinates(text);
  const results = data?.results ?? [];
  // Enter takes the first that is found, where nobody chose another; pressed before it is here, as soon as it is.
  const [entered, setEntered] = useState(false);
  const isFound = text === query && !isFetching;
  useEffect(() => {
    if (!entered || !isFound) return;
    setEntered(false);
    if (!combobox.dropdownOpened) return;
    combobox.selectFirstOption();
    combobox.clickSelectedOption();
  }, [entered, isFound, combobox]);

  const choose = (value: string) => {
    combobox.closeDropdown();
    if (value === 'coordinates') {
      if (place) flyTo(place, placeZoom);
      return;
    }
    const found = results.find((result) => `${result.layer}/${result.id}` === value);
    if (found) goTo(found);
  };

  return (
    <Combobox store={combobox} onOptionSubmit={choose} shadow="md" withinPortal>
      <Combobox.Target withExpandedAttribute>
        <TextInput
          id={searchFieldId}
          className={styles.search}
          type="search"
          role="combobox"
          size="sm"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          aria-label={t('search.label')}
          placeholder={t('top.search')}
          value={text}
          leftSection={<IconSearch size="1rem" aria-hidden="true" />}
          rightSection={
            text === '' ? (
              <kbd className={styles.key}>/</kbd>
            ) : isFetching ? (
              <Loader size="xs" />
            ) : (
              <CloseButton size="sm" aria-label={t('search.clear')} onClick={() => setText('')} />
            )
          }
          onChange={(event) => {
            setText(event.currentTarget.value);
            setEntered(false);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => combobox.openDropdown()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && combobox.getSelectedOptionIndex() === -1) setEntered(true);
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            if (combobox.dropdownOpened && text !== '') combobox.closeDropdown();
            else event.currentTarget.blur();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={text.trim().length < 2} className={styles.dropdown}>
        <Combobox.Options aria-label={t('search.label')} mah="min(26rem, 60dvh)" className={styles.options}>
          {place && (
            <Combobox.Option value="coordinates">
              {t('search.coordinates', { text: coordinateText(place) })}
            </Combobox.Option>
          )}
          <SearchOptions results={results} layers={all} />
          {!place && results.length === 0 && (
            <Combobox.Empty className={styles.empty}>
              {isError
                ? t('search.failed')
                : isFetching || text !== query
                  ? t('search.searching')
                  : t('search.empty', { query: query.trim() })}
              {!isError && !isFetching && text === query && <small>{t('search.empty_hint')}</small>}
            </Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function goTo({ layer, id, center, bbox }: Found): void {
  select(pageState, { layer, id });
  ui.set({ sheet: 'half' });
  const extended = bbox && (bbox[0] !== bbox[2] || bbox[1] !== bbox[3]);
  const place = extended ? bbox : center;
  // After the inspector or the sheet has taken its room, so that the place comes into the middle of what is left.
  if (place) setTimeout(() => flyTo(place), settleMs);
}
