// Behaviour of the page frame, on every page: theme, navigation on small screens, copy buttons, local times.
import { confirmed } from './lib/confirm';
import { formatTime } from './lib/format';
import { t } from './lib/texts';

const root = document.documentElement;

function currentTheme(): 'dark' | 'light' {
  const chosen = root.dataset['theme'];
  if (chosen === 'dark' || chosen === 'light') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function initTheme(): void {
  const button = document.getElementById('theme-switch');
  const describe = (): void => {
    const dark = currentTheme() === 'dark';
    button?.setAttribute('aria-label', t(dark ? 'frame.toLight' : 'frame.toDark'));
    root.classList.toggle('is-dark', dark);
  };
  describe();
  button?.addEventListener('click', () => {
    const next = currentTheme() === 'dark' ? 'light' : 'dark';
    root.dataset['theme'] = next;
    try {
      localStorage.setItem('auspex.theme', next);
    } catch {
      // not remembered then
    }
    describe();
    document.dispatchEvent(new CustomEvent('auspex:theme'));
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    describe();
    document.dispatchEvent(new CustomEvent('auspex:theme'));
  });
}

function initNavigation(): void {
  const button = document.getElementById('menu-button');
  const sidebar = document.getElementById('sidebar');
  if (!button || !sidebar) return;
  const set = (open: boolean): void => {
    sidebar.classList.toggle('is-open', open);
    button.setAttribute('aria-expanded', String(open));
  };
  button.addEventListener('click', () => set(!sidebar.classList.contains('is-open')));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && sidebar.classList.contains('is-open')) {
      set(false);
      button.focus();
    }
  });
}

/** Menus and pop-overs are `details`; a click beside them or Escape closes them. */
function initPopovers(): void {
  const close = (except: Node | null): void => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('details.popover[open]')) {
      if (!except || !details.contains(except)) details.open = false;
    }
  };
  document.addEventListener('pointerdown', (event) => close(event.target as Node));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const open = (event.target as Element).closest?.('details.popover[open]');
    close(null);
    open?.querySelector('summary')?.focus();
  });
}

function initCopy(): void {
  document.addEventListener('click', async (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-copy]');
    if (!button) return;
    const source = document.getElementById(button.dataset['copy'] ?? '');
    const text = source?.textContent ?? '';
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // no clipboard over plain HTTP beyond localhost: select, so that one key press copies
      const selection = getSelection();
      if (source && selection) selection.selectAllChildren(source);
      return;
    }
    const label = button.querySelector('.copy-label') ?? button;
    const before = label.textContent;
    label.textContent = t('frame.copied');
    setTimeout(() => (label.textContent = before), 1600);
  });
}

/** Server-rendered instants are UTC; people read their own clock. */
export function localiseTimes(within: ParentNode = document): void {
  for (const element of within.querySelectorAll<HTMLTimeElement>('time[datetime]')) {
    const instant = Date.parse(element.dateTime);
    if (Number.isNaN(instant) || element.dataset['local'] === element.dateTime) continue;
    element.dataset['local'] = element.dateTime;
    element.title = element.dateTime;
    element.textContent = formatTime(instant / 1000, element.dataset['seconds'] !== undefined);
  }
}

/** PrimeFaces replaces parts of the page; what it brings gets local times as well. */
function initPartialUpdates(): void {
  new MutationObserver((changes) => {
    if (changes.some((change) => change.addedNodes.length > 0)) localiseTimes();
  }).observe(document.body, { childList: true, subtree: true });
}

/** A button with `data-confirm` acts only after its question was answered with yes. */
function initConfirm(): void {
  let sure: Element | null = null;
  document.addEventListener(
    'click',
    (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-confirm]');
      if (!button) return;
      if (sure === button) {
        sure = null;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      void confirmed(button.dataset['confirm'] ?? '').then((yes) => {
        if (!yes) return;
        sure = button;
        button.click();
      });
    },
    true,
  );
}

/** A part with `data-refresh` is read again after that many seconds, as long as the server says so. */
function initRefresh(): void {
  const part = document.querySelector<HTMLElement>('[data-refresh]');
  const seconds = Number(part?.dataset['refresh'] ?? 0);
  if (!part || !(seconds > 0)) return;
  setTimeout(async () => {
    const open = document.querySelector('dialog[open]') || part.contains(document.activeElement);
    try {
      const answer = open ? null : await fetch(location.href, { credentials: 'same-origin' });
      const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null;
      const fresh = page?.getElementById(part.id);
      if (fresh) part.replaceWith(document.adoptNode(fresh));
    } catch {
      // asked again at the next turn
    }
    initRefresh();
  }, seconds * 1000);
}

/** Commands to copy carry the address under which this page was reached. */
function initAddresses(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-origin]')) {
    element.textContent = (element.textContent ?? '').replaceAll('{origin}', location.origin);
  }
}

initTheme();
initNavigation();
initPopovers();
initCopy();
initAddresses();
initConfirm();
initRefresh();
localiseTimes();
initPartialUpdates();
