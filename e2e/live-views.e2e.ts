/** The three live views against the cluster's own words, each with its table. */
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LESSONS, drawnNames, openTab, run, screenText, startLab, waitForTone } from './bench.ts';
import { Drydock, launch, loggedIn } from './drydock.ts';

describe('live views show the cluster', () => {
  let drydock: Drydock;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [drydock, browser] = await Promise.all([Drydock.start(), launch()]);
    page = await loggedIn(browser, drydock);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await drydock?.end();
  });

  test('02: a Pod opens up into its IP, containers and volumes', async () => {
    await page.goto(drydock.url(LESSONS.pods));
    await startLab(page, 'one-ip-two-containers');
    await run(page, 'kubectl run lone --image=nginx:1.27-alpine && kubectl wait --for=condition=Ready pod/lone');
    await run(page, "clear; kubectl get pod lone -o jsonpath='{.status.podIP} {.spec.nodeName} '");
    const [ip = '', node = ''] = /(\d+\.\d+\.\d+\.\d+) ([\w-]+)/.exec(await plainScreen())?.slice(1) ?? [];
    const live = await openTab(page, 'Live view');
    const frame = live.locator('.dd-pod', { hasText: 'lone' });
    await expect.poll(() => frame.innerText()).toMatch(/running|Running/);
    const words = await frame.innerText();
    for (const word of [ip, node, 'nginx:1.27-alpine', '✓ ready']) expect(words).toContain(word);
    const twin = await twinOf(live);
    for (const word of [ip, node, 'nginx:1.27-alpine', 'Running']) expect(twin).toContain(word);
    // The same picture is drawn in the text.
    const figure = page.locator('.dd-text .dd-figure').first();
    await figure.scrollIntoViewIfNeeded();
    await expect.poll(() => figure.innerText()).toContain('lone');
  }, 60_000);

  test('06: each waiting Pod shows why each node refuses it, and a placed one its scores', async () => {
    await page.goto(drydock.url(LESSONS.scheduler));
    await startLab(page, 'why-pending');
    const live = await openTab(page, 'Live view');
    await expect.poll(() => live.locator('.dd-decision', { hasText: 'Pending' }).count()).toBe(4);
    const refusals = (await live.locator('.dd-node[data-state=refused]').allInnerTexts()).join('\n');
    expect(refusals).toContain('Insufficient cpu');
    expect(refusals).toMatch(/node affinity\/selector/);
    expect(refusals).toMatch(/taint/);
    await openTab(page, 'Terminal 1');
    await run(
      page,
      'for d in $(kubectl get deployments -o name); do kubectl set resources $d --requests=cpu=100m; done',
    );
    await openTab(page, 'Live view');
    const placed = live.locator('.dd-decision', { hasText: 'bound to' }).first();
    await placed.waitFor();
    expect(await placed.locator('[data-state=chosen]').innerText()).toMatch(/✓ chosen[^]*×[^]*total/);
    expect(await twinOf(live)).toMatch(/refused by NodeResourcesFit|refused by NodeAffinity/);
  }, 60_000);

  test('13: the way from the Service to its Pods, and who is left out and why', async () => {
    await page.goto(drydock.url(LESSONS.services));
    await startLab(page, 'service-without-endpoints');
    const [app = ''] = await drawnNames(page);
    const live = await openTab(page, 'Live view');
    await expect.poll(() => live.innerText()).toContain('no ready endpoint: connections are refused');
    expect(await live.locator('.dd-left li').allInnerTexts()).toHaveLength(3);
    expect((await live.locator('.dd-left').innerText()).replaceAll('\u00a0', ' ')).toContain(
      `its label app is ${app}, the Service wants ${app}-web`,
    );
    await openTab(page, 'Terminal 1');
    await run(
      page,
      `kubectl patch service ${app} --type=merge -p '{"spec":{"selector":{"app":"${app}"},"ports":[{"port":80,"name":"http","targetPort":"web"}]}}'`,
    );
    await openTab(page, 'Live view');
    await expect.poll(() => live.locator('.dd-left').innerText()).toContain('it is not ready');
    await openTab(page, 'Terminal 1');
    await run(
      page,
      `kubectl patch deployment ${app} --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe/httpGet/path","value":"/"}]'`,
    );
    await run(page, `kubectl rollout status deployment ${app}`);
    console.info(`endpoints: passed ${await waitForTone(page, 'endpoints', 'pass')} ms after the command's end`);
    await openTab(page, 'Live view');
    await expect.poll(() => live.locator('.dd-end[data-ready=true]').count()).toBe(3);
    expect(await live.locator('.dd-ends').innerText()).toContain('33 %');
    await openTab(page, 'Terminal 1');
    await run(
      page,
      "clear; kubectl get endpointslices -o jsonpath='{.items[*].endpoints[?(@.conditions.ready==true)].addresses[0]}'",
    );
    const ips = (await plainScreen()).match(/\d+\.\d+\.\d+\.\d+/g) ?? [];
    expect(ips).toHaveLength(3);
    const twin = await twinOf(await openTab(page, 'Live view'));
    for (const ip of ips) expect(twin).toContain(ip);
  }, 90_000);

  async function plainScreen(): Promise<string> {
    return (await screenText(page)).replaceAll('\u00a0', ' ');
  }

  async function twinOf(live: Locator): Promise<string> {
    const twin = live.locator('.dd-twin');
    if ((await twin.getAttribute('open')) === null) await twin.locator('summary').click();
    return twin.innerText();
  }
});
