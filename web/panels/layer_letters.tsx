import { useCatalogue } from '../api/catalogue.ts';
import { goLetters } from './go_letters.ts';
import styles from './keys.module.css';
import { useBilingual, useLanguage } from './use.ts';

/** The letters of the layers in the page's language, for `G`. */
export function useGoLetters(): Map<string, string> {
  const language = useLanguage();
  const layers = useCatalogue().data?.layers ?? [];
  return goLetters(layers.map(({ id, title }) => [id, title[language]] as const));
}

/** Which letter goes to which layer. */
export function LayerLetters() {
  const say = useBilingual();
  const layers = useCatalogue().data?.layers ?? [];
  return (
    <ul className={styles.letters}>
      {[...useGoLetters()].map(([letter, id]) => {
        const layer = layers.find((candidate) => candidate.id === id);
        return (
          <li key={letter}>
            <kbd>{letter.toUpperCase()}</kbd> {layer && say(layer.title)}
          </li>
        );
      })}
    </ul>
  );
}
