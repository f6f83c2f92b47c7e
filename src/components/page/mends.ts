/** Mends of the shell's accessibility: names for scrolling code, tables that take the focus, a search button named as it reads. */

/** Starlight makes a code block that scrolls a region, which needs a name of its own. */
function nameCodeRegions(): void {
  const blocks = [...document.querySelectorAll<HTMLElement>('.expressive-code pre')];
  for (const [at, block] of blocks.entries()) {
    if (block.getAttribute('role') !== 'region') block.removeAttribute('aria-label');
    else {
      const title = block.closest('figure')?.querySelector('figcaption')?.textContent?.trim();
      block.setAttribute('aria-label', `Code ${at + 1}${title ? `: ${title}` : ''}`);
    }
  }
}

/** The button shows the word and its two keys; its name must contain what it shows, with the keys apart. */
function nameSearch(): void {
  const button = document.querySelector('site-search [data-open-modal]');
  const keys = [...(button?.querySelectorAll('kbd kbd') ?? [])];
  button?.querySelector('span')?.after(' ');
  keys[0]?.after(' ');
  const word = button?.getAttribute('aria-label') ?? '';
  button?.setAttribute('aria-label', [word, ...keys.map((key) => key.textContent)].join(' '));
}

/** A table that scrolls can be scrolled with the keyboard. */
function focusWideTables(): void {
  for (const table of document.querySelectorAll<HTMLElement>('.sl-markdown-content table')) {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
    else table.removeAttribute('tabindex');
  }
}

new MutationObserver(nameCodeRegions).observe(document.body, {
  subtree: true,
  attributes: true,
  attributeFilter: ['role'],
});
new ResizeObserver(focusWideTables).observe(document.querySelector('.sl-markdown-content') ?? document.body);
nameCodeRegions();
nameSearch();
