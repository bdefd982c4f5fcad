import { byId } from '../lib/dom';
import { insightItem, insightPage } from '../lib/insights';
import { LiveStream } from '../lib/live';
import { t } from '../lib/texts';

/** All findings of the tenant, newest first, filtered by the address of the page. */
class InsightList {
  private readonly severity = byId<HTMLSelectElement>('filter-severity');
  private readonly kind = byId<HTMLSelectElement>('filter-kind');
  private next = '';

  start(): void {
    const parameters = new URLSearchParams(location.search);
    this.severity.value = parameters.get('severity') ?? '';
    this.kind.value = parameters.get('kind') ?? '';
    for (const select of [this.severity, this.kind]) {
      select.addEventListener('change', () => {
        history.replaceState(null, '', `?${new URLSearchParams(this.filters())}`);
        void this.load(false);
      });
    }
    byId('more').addEventListener('click', () => void this.load(true));
    new LiveStream({ insight: () => void this.load(false) }).open([], 15);
    void this.load(false);
  }

  private filters(): Record<string, string> {
    return {
      ...(this.severity.value === '' ? {} : { severity: this.severity.value }),
      ...(this.kind.value === '' ? {} : { kind: this.kind.value }),
    };
  }

  private async load(more: boolean): Promise<void> {
    const list = byId('insights');
    try {
      const cursor: Record<string, string> = more && this.next !== '' ? { cursor: this.next } : {};
      const page = await insightPage({ ...this.filters(), ...cursor, limit: '50' });
      const items = page.items.map((insight) => insightItem(insight));
      if (more) list.append(...items);
      else list.replaceChildren(...items);
      this.next = page.next;
      byId('more').hidden = page.next === '';
      byId('empty').hidden = list.childElementCount > 0;
      const filtered = Object.keys(this.filters()).length > 0;
      byId('empty-text').textContent = t(filtered ? 'insights.noneFiltered' : 'insights.none');
      byId('page-problem').hidden = true;
    } catch (cause) {
      byId('page-problem').hidden = false;
      byId('page-problem').textContent = cause instanceof Error ? cause.message : String(cause);
    }
  }
}

new InsightList().start();
