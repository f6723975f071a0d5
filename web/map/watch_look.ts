/**
 * Calls back when colours or the pixel ratio may have changed (false) and when a font has arrived (true), so that
 * bitmaps are drawn anew. Returns how to stop.
 */
export function watchLook(changed: (fontsChanged: boolean) => void): () => void {
  let ratio = devicePixelRatio;
  const observer = new MutationObserver(() => changed(false));
  observer.observe(document.documentElement, {
    attributeFilter: ['data-mantine-color-scheme', 'data-theme', 'class', 'style'],
  });
  const resized = () => {
    if (ratio === devicePixelRatio) return;
    ratio = devicePixelRatio;
    changed(false);
  };
  addEventListener('resize', resized);
  const fontArrived = () => changed(true);
  document.fonts.addEventListener('loadingdone', fontArrived);
  return () => {
    observer.disconnect();
    removeEventListener('resize', resized);
    document.fonts.removeEventListener('loadingdone', fontArrived);
  };
}
