import type { MapPage } from './map_page.ts';

/** Looks at the middle of the map in every frame from now on; the answer tells how often, and how often nothing was there. */
export async function watchMiddle({ page }: MapPage): Promise<() => Promise<{ samples: number; blank: number }>> {
  await page.evaluate(() => {
    const seen = { samples: 0, blank: 0 };
    const host = document.getElementById('map')!;
    const pixel = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    function look() {
      const { width, height } = host.getBoundingClientRect();
      pixel.clearRect(0, 0, 1, 1);
      for (const canvas of host.querySelectorAll('canvas')) {
        if (canvas.width === 0) continue;
        // Where the middle of the map is in the pixels of a canvas that OpenLayers has moved by a transform.
        const matrix = new DOMMatrix(canvas.style.transform || undefined).inverse();
        const at = matrix.transformPoint(new DOMPoint(width / 2, height / 2));
        pixel.drawImage(canvas, at.x, at.y, 1, 1, 0, 0, 1, 1);
      }
      seen.samples += 1;
      if (pixel.getImageData(0, 0, 1, 1).data[3] === 0) seen.blank += 1;
      requestAnimationFrame(look);
    }
    requestAnimationFrame(look);
    Object.assign(window, { seen });
  });
  return () => page.evaluate<{ samples: number; blank: number }>('seen');
}
