/** JavaScript that a page really loads in a browser before anything is clicked, compressed as a server would. */
import { gzipSync } from 'node:zlib';
import { Drydock, launch } from '../e2e/drydock.ts';
import type { Figure } from './stats.ts';
import { print } from './stats.ts';

const PAGES = [
  '/',
  '/01-orientation/02-pods-and-your-bench/',
  '/02-control-plane/06-kube-scheduler/',
  '/04-networking/13-services-and-kube-proxy/',
];
const BAR = 60 * 1024;

export async function page(): Promise<void> {
  const drydock = await Drydock.start();
  const browser = await launch();
  const tab = await browser.newPage({ viewport: { width: 1500, height: 1000 } });
  await tab.goto(drydock.link);
  const figures: Figure[] = [];
  for (const path of PAGES) {
    const scripts = new Map<string, Promise<number>>();
    tab.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return;
      scripts.set(
        response.url(),
        response.body().then((body) => gzipSync(body).length),
      );
    });
    await tab.goto(new URL(path, drydock.link).href, { waitUntil: 'networkidle' });
    const inline = await tab.locator('script:not([src])').allTextContents();
    const sizes = await Promise.all(scripts.values());
    const bytes = sizes.reduce((sum, size) => sum + size, gzipSync(inline.join('\n')).length);
    tab.removeAllListeners('response');
    figures.push({
      name: `${path}: JavaScript, gzip`,
      value: `${(bytes / 1024).toFixed(1)} KB`,
      bar: '<= 60 KB',
      met: bytes <= BAR,
    });
  }
  await browser.close();
  await drydock.end();
  print('Reading pages', figures);
}
