import { byId, debounced, h } from '../lib/dom';
import { prometheus } from '../lib/http';
import { t } from '../lib/texts';

const SHOWN = 200;

/** The dialog that lists the tenant's metrics; choosing one hands its name over. */
export class MetricBrowser {
  private readonly dialog = byId<HTMLDialogElement>('metric-browser');
  private readonly filter = byId<HTMLInputElement>('metric-filter');
  private readonly list = byId('metric-list');
  private readonly count = byId('metric-count');
  private names: string[] = [];

  constructor(private readonly onChoose: (name: string, type: string) => void) {
    byId('browse-metrics').addEventListener('click', () => void this.open());
    byId('metric-browser-close').addEventListener('click', () => this.dialog.close());
    this.filter.addEventListener('input', debounced(120, () => this.render()));
    this.dialog.addEventListener('click', (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
  }

  private async open(): Promise<void> {
    this.dialog.showModal();
    this.filter.focus();
    this.filter.select();
    try {
      this.names = (await prometheus<string[]>('label/__name__/values', {})).data;
    } catch (cause) {
      this.count.textContent = cause instanceof Error ? cause.message : String(cause);
      return;
    }
    this.render();
  }

  private render(): void {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.names.filter((name) => {
      const text = name.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    this.count.textContent = t('browser.count', { shown: Math.min(found.length, SHOWN), all: this.names.length });
    this.list.replaceChildren(...found.slice(0, SHOWN).map((name) => this.item(name)));
  }

  private item(name: string): HTMLElement {
    const type = typeOf(name);
    const button = h(
      'button',
      { type: 'button', class: 'metric-item' },
      h('span', { class: 'metric-name' }, name),
      ...(type === '' ? [] : [h('span', { class: 'tag' }, type)]),
    );
    button.addEventListener('click', () => {
      this.dialog.close();
      this.onChoose(name, type);
    });
    return h('li', {}, button);
  }
}

/** By the naming rules of Prometheus, which all usual exporters keep. */
function typeOf(name: string): string {
  if (/_(total|count|sum)$/.test(name)) return 'counter';
  return name.endsWith('_bucket') ? 'histogram' : '';
}
