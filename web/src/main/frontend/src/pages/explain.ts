import { h } from '../lib/dom';
import { formatValue } from '../lib/format';
import { own } from '../lib/http';
import { t } from '../lib/texts';

type Read = {
  head: { samples: number };
  packs: { samples: number; chunks: number; packs: number; bytes: number; seconds: number };
};

type Part = {
  depth: number;
  kind: string;
  text: string;
  once: boolean;
  seconds: number;
  ownSeconds: number;
  series: number;
  samples: number;
  read?: Read;
};

export type Explanation = {
  steps: number;
  resultSeries: number;
  series: number;
  samples: number;
  peakSamples: number;
  peakBytes: number;
  phases: { queue: number; prepare: number; fetch: number; evaluate: number };
  read: Read;
  plan: Part[];
};

const PHASES = ['queue', 'prepare', 'fetch', 'evaluate'] as const;

export function explain(query: string, start: number, end: number, step: number, signal: AbortSignal): Promise<Explanation> {
  return own<Explanation>('/api/v1/performance/query/explain', { body: { query, start, end, step }, signal });
}

/** What a query cost: by phase and by tier as bars, by part as a tree with bars. */
export class ExplainView {
  constructor(private readonly host: HTMLElement) {}

  show(explanation: Explanation): void {
    const { phases, read } = explanation;
    this.host.replaceChildren(
      h(
        'div',
        { class: 'explain-sums' },
        bar(
          t('explain.time'),
          PHASES.map((name) => ({ name: t(`explain.${name}`), value: phases[name], text: formatValue(phases[name], 'seconds') })),
        ),
        read.head.samples + read.packs.samples > 0
          ? bar(t('explain.read'), [
              { name: t('explain.head'), value: read.head.samples, text: formatValue(read.head.samples, 'number') },
              { name: t('explain.packs'), value: read.packs.samples, text: formatValue(read.packs.samples, 'number') },
            ])
          : h('div', {}, h('h2', {}, t('explain.read')), h('p', { class: 'hint', id: 'explain-nothing' }, t('explain.nothing'))),
      ),
      h('dl', { class: 'facts explain-facts' }, ...facts(explanation).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
      ...(explanation.plan.length > 0 ? [h('h2', {}, t('explain.parts')), new PlanTree(explanation.plan).grid] : []),
    );
  }
}

function facts({ steps, resultSeries, series, samples, peakSamples, peakBytes, read }: Explanation): [string, string][] {
  const count = (value: number): string => formatValue(value, 'number');
  const from = read.packs;
  const facts: [string, string][] = [
    [t('explain.seriesRead'), t('explain.seriesIn', { read: count(series), result: count(resultSeries) })],
    [t('explain.touched'), t('explain.touchedAt', { samples: count(samples), steps: count(steps) })],
    [t('explain.peak'), t('explain.peakOf', { samples: count(peakSamples), bytes: formatValue(peakBytes, 'bytes') })],
  ];
  if (from.packs > 0) {
    facts.push([
      t('explain.stored'),
      t('explain.storedIn', { packs: count(from.packs), bytes: formatValue(from.bytes, 'bytes'), chunks: count(from.chunks) }),
    ]);
  }
  return facts;
}

/** One bar made of shares, and what each stands for. */
function bar(title: string, shares: { name: string; value: number; text: string }[]): HTMLElement {
  const sum = shares.reduce((total, { value }) => total + value, 0);
  return h(
    'div',
    {},
    h('h2', {}, title),
    h('div', { class: 'stack', 'aria-hidden': 'true' }, ...shares.map(({ value }, index) => segment(`stack-${index}`, value, sum))),
    h(
      'ul',
      { class: 'stack-legend' },
      ...shares.map(({ name, text }, index) =>
        h('li', {}, h('span', { class: `swatch stack-${index}`, 'aria-hidden': 'true' }), `${name} `, h('strong', {}, text)),
      ),
    ),
  );
}

function segment(name: string, value: number, of: number): HTMLElement {
  const piece = h('span', { class: name });
  piece.style.width = `${of > 0 ? (100 * value) / of : 0}%`;
  return piece;
}

/** The parts as a tree grid: up and down go from row to row, left and right close and open. */
class PlanTree {
  readonly grid: HTMLElement;
  private readonly rows: HTMLElement[];
  private readonly closed = new Set<number>();

  constructor(private readonly parts: Part[]) {
    const total = Math.max(parts[0]?.seconds ?? 0, 1e-9);
    this.rows = parts.map((part, index) => this.row(part, index, total));
    const names = ['part', 'timeColumn', 'series', 'samples', 'from'].map((name) => t(`explain.${name}`));
    this.grid = h(
      'div',
      { class: 'plan', role: 'treegrid', 'aria-label': t('explain.parts') },
      h('div', { class: 'plan-row plan-head', role: 'row' }, ...names.map((name) => h('span', { role: 'columnheader' }, name))),
      ...this.rows,
    );
    this.grid.addEventListener('keydown', (event) => this.onKey(event));
    this.grid.addEventListener('click', (event) => {
      const index = this.rows.indexOf((event.target as Element).closest<HTMLElement>('.plan-row:not(.plan-head)') as HTMLElement);
      if (index < 0) return;
      if ((event.target as Element).closest('.plan-twist')) this.toggle(index, this.closed.has(index));
      this.focus(index);
    });
  }

  private row(part: Part, index: number, total: number): HTMLElement {
    const parent = this.isParent(index);
    const text = h(
      'span',
      { class: 'plan-part', role: 'gridcell' },
      h('span', { class: 'plan-twist', 'aria-hidden': 'true' }, parent ? '▾' : ''),
      h('code', {}, part.text),
      part.once && h('span', { class: 'plan-once' }, t('explain.once')),
    );
    text.style.setProperty('--depth', String(part.depth));
    const time = h(
      'span',
      { class: 'plan-time', role: 'gridcell' },
      h(
        'span',
        { class: 'plan-bar', 'aria-hidden': 'true' },
        segment('plan-own', part.ownSeconds, total),
        segment('plan-below', part.seconds - part.ownSeconds, total),
      ),
      h('span', { class: 'plan-figure' }, formatValue(part.ownSeconds, 'seconds'), parent && ` / ${formatValue(part.seconds, 'seconds')}`),
    );
    const number = (label: string, value: number): HTMLElement =>
      h(
        'span',
        { class: 'plan-number', role: 'gridcell' },
        h('span', { class: 'plan-label', 'aria-hidden': 'true' }, `${label} `),
        value > 0 ? formatValue(value, 'number') : '–',
      );
    return h(
      'div',
      {
        class: 'plan-row',
        role: 'row',
        'aria-level': part.depth + 1,
        'aria-expanded': parent ? 'true' : null,
        tabindex: index === 0 ? 0 : -1,
        'data-kind': part.kind,
      },
      text,
      time,
      number(t('explain.series'), part.series),
      number(t('explain.samples'), part.samples),
      h('span', { class: 'plan-from', role: 'gridcell' }, part.read ? source(part.read) : ''),
    );
  }

  private isParent(index: number): boolean {
    return (this.parts[index + 1]?.depth ?? 0) > (this.parts[index]?.depth ?? 0);
  }

  private parentOf(index: number): number {
    let at = index;
    while (at >= 0 && this.parts[at]!.depth >= this.parts[index]!.depth) at--;
    return at;
  }

  private toggle(index: number, open: boolean): void {
    if (!this.isParent(index)) return;
    if (open) this.closed.delete(index);
    else this.closed.add(index);
    const row = this.rows[index]!;
    row.setAttribute('aria-expanded', String(open));
    row.querySelector('.plan-twist')!.textContent = open ? '▾' : '▸';
    this.rows.forEach((one, at) => {
      one.hidden = this.isInClosed(at);
    });
  }

  private isInClosed(index: number): boolean {
    for (let at = this.parentOf(index); at >= 0; at = this.parentOf(at)) if (this.closed.has(at)) return true;
    return false;
  }

  private onKey(event: KeyboardEvent): void {
    const at = this.rows.indexOf(document.activeElement as HTMLElement);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const shown = this.rows.map((row, index) => (row.hidden ? -1 : index)).filter((index) => index >= 0);
    const place = shown.indexOf(at);
    switch (event.key) {
      case 'ArrowDown':
        this.focus(shown[place + 1]);
        break;
      case 'ArrowUp':
        this.focus(shown[place - 1]);
        break;
      case 'Home':
        this.focus(shown[0]);
        break;
      case 'End':
        this.focus(shown.at(-1));
        break;
      case 'ArrowRight':
        if (this.closed.has(at)) this.toggle(at, true);
        else if (this.isParent(at)) this.focus(at + 1);
        break;
      case 'ArrowLeft':
        if (this.isParent(at) && !this.closed.has(at)) this.toggle(at, false);
        else this.focus(this.parentOf(at));
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  private focus(index: number | undefined): void {
    const row = this.rows[index ?? -1];
    if (!row) return;
    this.rows.forEach((one) => (one.tabIndex = one === row ? 0 : -1));
    row.focus();
  }
}

function source({ head, packs }: Read): string {
  const parts: string[] = [];
  if (head.samples > 0) parts.push(t('explain.fromHead', { n: formatValue(head.samples, 'number') }));
  if (packs.packs > 0) {
    parts.push(t('explain.fromPacks', { n: formatValue(packs.samples, 'number'), packs: formatValue(packs.packs, 'number') }));
  }
  return parts.length > 0 ? parts.join(' · ') : t('explain.fromNowhere');
}
