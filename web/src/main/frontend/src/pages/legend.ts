import type { Line, TimeChart } from '../lib/chart';
import { COLOURS } from '../lib/chart';
import { h } from '../lib/dom';
import { formatValue, type Unit } from '../lib/format';
import { t } from '../lib/texts';

const SHOWN = 100;

/** The lines of a chart with their figures; a click hides or shows a line, a radio says which one is judged. */
export class Legend {
  private readonly off = new Set<string>();

  constructor(
    private readonly host: HTMLElement,
    private readonly chart: TimeChart,
    private readonly onJudge: (key: string) => void,
  ) {}

  show(lines: Line[], unit: Unit, judged: string | null): void {
    if (lines.length === 0) {
      this.host.replaceChildren();
      return;
    }
    const rows = lines.slice(0, SHOWN).map((line) => this.row(line, unit, judged));
    this.host.replaceChildren(
      h(
        'div',
        { class: 'table-scroll legend', tabindex: '0', role: 'region', 'aria-label': t('legend.label') },
        h(
          'table',
          { class: 'table is-compact' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', { scope: 'col' }, t('legend.series')),
              ...['min', 'avg', 'max', 'last'].map((name) => h('th', { scope: 'col', class: 'is-number' }, t(`legend.${name}`))),
            ),
          ),
          h('tbody', {}, ...rows),
        ),
      ),
      ...(lines.length > SHOWN ? [h('p', { class: 'hint' }, t('legend.more', { n: lines.length - SHOWN }))] : []),
    );
  }

  private row(line: Line, unit: Unit, judged: string | null): HTMLElement {
    const button = h(
      'button',
      { type: 'button', class: 'legend-name', 'aria-pressed': String(!this.off.has(line.key)), title: t('legend.toggle') },
      h('span', { class: `swatch swatch-${(line.colour % COLOURS) + 1}` }),
      h('span', {}, line.label),
    );
    button.addEventListener('click', () => {
      const visible = this.off.has(line.key);
      if (visible) this.off.delete(line.key);
      else this.off.add(line.key);
      button.setAttribute('aria-pressed', String(visible));
      this.chart.setVisible(line.key, visible);
    });
    const cells: (HTMLElement | null)[] = [button];
    if (judged !== null) {
      const radio = h('input', {
        type: 'radio',
        name: 'judged-series',
        'aria-label': t('legend.judge', { series: line.label }),
        checked: judged === line.key,
      });
      radio.addEventListener('change', () => this.onJudge(line.key));
      cells.unshift(radio);
    }
    const { low, mean, high, last } = figures(line.values);
    const row = h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('span', { class: 'legend-cell' }, ...cells)),
      ...[low, mean, high, last].map((value) => h('td', { class: 'is-number' }, formatValue(value, unit))),
    );
    row.addEventListener('pointerenter', () => this.chart.emphasise(line.key));
    row.addEventListener('pointerleave', () => this.chart.emphasise(null));
    return row;
  }
}

function figures(values: (number | null)[]): { low: number | null; mean: number | null; high: number | null; last: number | null } {
  let low: number | null = null;
  let high: number | null = null;
  let last: number | null = null;
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null) continue;
    low = low === null || value < low ? value : low;
    high = high === null || value > high ? value : high;
    sum += value;
    count++;
    last = value;
  }
  return { low, mean: count === 0 ? null : sum / count, high, last };
}
