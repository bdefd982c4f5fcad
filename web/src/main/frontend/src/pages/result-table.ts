import { h } from '../lib/dom';
import { formatTime, formatValue, seriesName, type Unit } from '../lib/format';
import type { Metric, QueryData } from '../lib/http';
import { sharedPart, tellingLabels } from '../lib/series';
import { t } from '../lib/texts';

type Row = { metric: Metric; text: string; value: number; time: number };
const SHOWN = 500;

/** The result of an instant query as a sortable table. */
export class ResultTable {
  private sorted: { column: string; descending: boolean } = { column: '', descending: true };
  private rows: Row[] = [];
  private unit: Unit = 'number';

  constructor(private readonly host: HTMLElement) {}

  show(data: QueryData, unit: Unit): void {
    this.unit = unit;
    this.rows = rowsOf(data);
    this.render();
  }

  clear(): void {
    this.rows = [];
    this.host.replaceChildren();
  }

  private render(): void {
    if (this.rows.length === 0) {
      this.host.replaceChildren();
      return;
    }
    const metrics = this.rows.map((row) => row.metric);
    const labels = this.rows.length === 1 ? [] : tellingLabels(metrics);
    const single = labels.length === 0;
    const columns = single ? ['series'] : labels;
    const rows = this.inOrder();
    const head = h(
      'tr',
      {},
      ...columns.map((name) => this.header(name, single ? t('table.series') : name, '')),
      this.header('', t('table.value'), 'is-number'),
      h('th', { scope: 'col', class: 'is-number' }, t('table.time')),
    );
    const body = rows.slice(0, SHOWN).map((row) =>
      h(
        'tr',
        {},
        ...columns.map((name) => h('td', {}, single ? seriesName(row.metric) || row.text : (row.metric[name] ?? ''))),
        h('td', { class: 'is-number', title: row.text }, formatText(row, this.unit)),
        h('td', { class: 'is-number is-muted' }, formatTime(row.time, true)),
      ),
    );
    const shared = single ? '' : sharedPart(metrics).replace(/^\{\}$/, '');
    this.host.replaceChildren(
      ...(shared === '' ? [] : [h('p', { class: 'table-shared' }, h('span', {}, t('table.shared')), ` ${shared}`)]),
      h(
        'div',
        { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': t('table.label') },
        h('table', { class: 'table' }, h('thead', {}, head), h('tbody', {}, ...body)),
      ),
      ...(rows.length > SHOWN ? [h('p', { class: 'hint' }, t('table.more', { n: rows.length - SHOWN }))] : []),
    );
  }

  private header(column: string, label: string, className: string): HTMLElement {
    const active = this.sorted.column === column;
    const button = h('button', { type: 'button', class: 'sort' }, label);
    button.addEventListener('click', () => {
      this.sorted = { column, descending: active ? !this.sorted.descending : column === '' };
      this.render();
    });
    const order = active ? (this.sorted.descending ? 'descending' : 'ascending') : 'none';
    return h('th', { scope: 'col', class: className, 'aria-sort': order }, button);
  }

  private inOrder(): Row[] {
    const { column, descending } = this.sorted;
    const sign = descending ? -1 : 1;
    return [...this.rows].sort((a, b) => {
      if (column === '') return sign * (a.value - b.value || 0);
      const [left, right] = [a.metric[column] ?? seriesName(a.metric), b.metric[column] ?? seriesName(b.metric)];
      return sign * left.localeCompare(right, undefined, { numeric: true });
    });
  }
}

function rowsOf(data: QueryData): Row[] {
  switch (data.resultType) {
    case 'vector':
      return data.result.map((sample) => {
        const [time, text] = sample.value ?? [0, t('table.histogram')];
        return { metric: sample.metric, text, value: Number(text), time };
      });
    case 'matrix':
      return data.result.map((series) => {
        const [time, text] = series.values?.at(-1) ?? [0, ''];
        return { metric: series.metric, text, value: Number(text), time };
      });
    case 'scalar':
    case 'string': {
      const [time, text] = data.result;
      return [{ metric: {}, text, value: Number(text), time }];
    }
  }
}

function formatText(row: Row, unit: Unit): string {
  return Number.isNaN(row.value) && row.text !== 'NaN' ? row.text : formatValue(row.value, unit);
}
