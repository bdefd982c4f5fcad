import uPlot from 'uplot';
import { h } from './dom';
import { formatTime, formatValue, type Unit } from './format';
import { t } from './texts';

/** One series of a chart; `values` stand at the chart's times, null where there is no sample. */
export type Line = { key: string; label: string; colour: number; values: (number | null)[] };

/** What was expected of a series, and the points that were judged to be out of it. */
export type Expectation = {
  times: number[];
  expected: (number | null)[];
  lower: (number | null)[];
  upper: (number | null)[];
  anomalies: { time: number; value: number }[];
};

/** Where a series is going. */
export type Outlook = {
  times: number[];
  median: number[];
  lower80: number[];
  upper80: number[];
  lower95: number[];
  upper95: number[];
};

export type Picture = {
  times: number[];
  lines: Line[];
  expectation?: Expectation | null;
  outlook?: Outlook | null;
  start: number;
  end: number;
};

export type ChartOptions = {
  unit: Unit;
  height: number;
  /** What assistive technology calls the chart. */
  label: string;
  /** Called with Unix seconds after a range was dragged. */
  onZoom?: (from: number, to: number) => void;
};

export const COLOURS = 8;
const TIP_ROWS = 8;
/** Round steps for bytes: 1, 2 and 5 with 0 to 2 zeros, in each binary unit. */
const BINARY_STEPS = [0, 1, 2, 3, 4, 5].flatMap((unit) =>
  [1, 2, 5, 10, 20, 50, 100, 200, 500].map((step) => step * 1024 ** unit),
);

/**
 * A time-series chart on a canvas, with anomaly band and forecast.
 *
 * The arrow keys move the cursor and the read-out is spoken, so that everything a pointer shows is there by keyboard.
 */
export class TimeChart {
  private plot: uPlot | null = null;
  private picture: Picture | null = null;
  private readonly canvasHost: HTMLElement;
  private readonly tip: HTMLElement;
  private readonly readout: HTMLElement;
  private readonly hidden = new Set<string>();
  private readonly sizes: ResizeObserver;
  private firstLine = 1;

  constructor(
    private readonly host: HTMLElement,
    private options: ChartOptions,
  ) {
    this.canvasHost = h('div', { class: 'chart-canvas', tabindex: '0', role: 'img', 'aria-label': options.label });
    this.tip = h('div', { class: 'chart-tip', 'aria-hidden': 'true', hidden: true });
    this.readout = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });
    host.classList.add('chart');
    host.replaceChildren(this.canvasHost, this.tip, this.readout);
    this.canvasHost.addEventListener('keydown', (event) => this.onKey(event));
    this.canvasHost.addEventListener('blur', () => this.hideTip());
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(host);
    document.addEventListener('auspex:theme', () => this.rebuild());
  }

  show(picture: Picture): void {
    this.picture = picture;
    const summary = this.summary(picture);
    this.canvasHost.setAttribute('aria-label', `${this.options.label}. ${summary}`);
    this.rebuild();
  }

  /** Adds one instant at the right edge; the window moves along when it was at its end. */
  append(time: number, values: Map<string, number | null>): void {
    const picture = this.picture;
    if (!picture) return;
    const last = picture.times.at(-1) ?? 0;
    if (time < last) return;
    if (time > last) {
      picture.times.push(time);
      for (const line of picture.lines) line.values.push(values.get(line.key) ?? null);
    } else {
      for (const line of picture.lines) {
        const value = values.get(line.key);
        if (value !== undefined) line.values[line.values.length - 1] = value;
      }
    }
    if (time > picture.end) {
      const moved = time - picture.end;
      picture.start += moved;
      picture.end = time;
    }
    while ((picture.times[0] ?? Infinity) < picture.start) {
      picture.times.shift();
      for (const line of picture.lines) line.values.shift();
    }
    this.plot?.setData(this.data(picture));
  }

  setUnit(unit: Unit): void {
    this.options = { ...this.options, unit };
  }

  setVisible(key: string, visible: boolean): void {
    if (visible) this.hidden.delete(key);
    else this.hidden.add(key);
    const index = this.picture?.lines.findIndex((line) => line.key === key) ?? -1;
    if (this.plot && index >= 0) this.plot.setSeries(this.firstLine + index, { show: visible });
  }

  /** Draws one line strongly and the others faintly; null draws all alike. */
  emphasise(key: string | null): void {
    const index = key === null ? -1 : (this.picture?.lines.findIndex((line) => line.key === key) ?? -1);
    this.plot?.setSeries(index < 0 ? null : this.firstLine + index, { focus: true }, false);
  }

  clear(): void {
    this.plot?.destroy();
    this.plot = null;
    this.picture = null;
    this.hideTip();
  }

  private resize(): void {
    const width = this.host.clientWidth;
    if (this.plot && width > 0 && width !== this.plot.width) {
      this.plot.setSize({ width, height: this.options.height });
    }
  }

  private rebuild(): void {
    const picture = this.picture;
    this.plot?.destroy();
    this.plot = null;
    this.canvasHost.replaceChildren();
    if (picture) this.plot = new uPlot(this.plotOptions(picture), this.data(picture), this.canvasHost);
  }

  /** All times of lines, band and forecast as one axis, and every column spread over it. */
  private data(picture: Picture): uPlot.AlignedData {
    const { times, lines, expectation, outlook } = picture;
    if (!expectation && !outlook) return [times, ...lines.map((line) => line.values)];
    const all = new Set(times);
    expectation?.times.forEach((time) => all.add(time));
    outlook?.times.forEach((time) => all.add(time));
    const axis = Float64Array.from(all).sort();
    const place = new Map<number, number>();
    axis.forEach((time, index) => place.set(time, index));
    const spread = (at: number[], values: (number | null)[]): (number | null | undefined)[] => {
      // undefined joins over, null breaks the line: places of other columns' times must not cut this one
      const column: (number | null | undefined)[] = new Array(axis.length).fill(undefined);
      at.forEach((time, index) => (column[place.get(time) ?? 0] = values[index] ?? null));
      return column;
    };
    const columns: (number | null | undefined)[][] = [];
    if (outlook) {
      for (const values of [outlook.upper95, outlook.lower95, outlook.upper80, outlook.lower80, outlook.median]) {
        columns.push(spread(outlook.times, values));
      }
    }
    if (expectation) {
      columns.push(spread(expectation.times, expectation.upper));
      columns.push(spread(expectation.times, expectation.lower));
      columns.push(spread(expectation.times, expectation.expected));
    }
    for (const line of lines) columns.push(spread(times, line.values));
    if (expectation) {
      columns.push(
        spread(
          expectation.anomalies.map((anomaly) => anomaly.time),
          expectation.anomalies.map((anomaly) => anomaly.value),
        ),
      );
    }
    return [axis as unknown as number[], ...columns] as uPlot.AlignedData;
  }

  private plotOptions(picture: Picture): uPlot.Options {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const series: uPlot.Series[] = [{}];
    const bands: uPlot.Band[] = [];
    const invisible = { width: 0, points: { show: false }, spanGaps: false } as const;
    if (picture.outlook) {
      const edge = { ...invisible, stroke: 'transparent' };
      series.push(edge, edge, edge, edge, {
        stroke: colour('--forecast'),
        width: 1.5,
        dash: [6, 4],
        points: { show: false },
      });
      bands.push({ series: [1, 2], fill: colour('--forecast-faint') });
      bands.push({ series: [3, 4], fill: colour('--forecast-fill') });
    }
    if (picture.expectation) {
      const upper = series.length;
      const edge = { ...invisible, stroke: colour('--band-edge'), width: 1 };
      series.push(edge, edge, { stroke: colour('--band-edge'), width: 1, dash: [2, 3], points: { show: false } });
      bands.push({ series: [upper, upper + 1], fill: colour('--band') });
    }
    this.firstLine = series.length;
    for (const line of picture.lines) {
      series.push({
        label: line.label,
        stroke: colour(`--s${(line.colour % COLOURS) + 1}`),
        width: picture.lines.length > 20 ? 1 : 1.75,
        show: !this.hidden.has(line.key),
        // the first values of a young series; a line needs two
        points: { show: (plot, index) => [...(plot.data[index] ?? [])].filter((value) => value != null).length < 3, size: 5 },
      });
    }
    if (picture.expectation) {
      series.push({
        stroke: 'transparent',
        width: 0,
        paths: () => null,
        points: { show: true, size: 9, width: 2, stroke: colour('--critical'), fill: colour('--surface') },
      });
    }
    const font = '12px system-ui, sans-serif';
    const axis = {
      stroke: colour('--muted'),
      font,
      grid: { stroke: colour('--grid'), width: 1 },
      ticks: { show: false },
      border: { show: false },
    };
    return {
      width: Math.max(120, this.host.clientWidth),
      height: this.options.height,
      padding: [8, 8, 0, 0],
      legend: { show: false },
      focus: { alpha: 0.25 },
      cursor: {
        drag: { x: Boolean(this.options.onZoom), y: false, setScale: false },
        points: { size: 7 },
        focus: { prox: 24 },
      },
      scales: {
        x: { time: true, range: () => this.window() },
        y: { range: (_plot, low, high) => valueRange(low, high, this.options.unit) },
      },
      axes: [
        { ...axis, size: 28, space: 70, values: (_plot, times) => timeLabels(times) },
        {
          ...axis,
          size: (_plot, labels) => 14 + 7 * Math.max(3, ...(labels ?? []).map((label) => label.length)),
          space: 32,
          ...(this.options.unit.startsWith('bytes') ? { incrs: BINARY_STEPS } : {}),
          values: (_plot, values) => values.map((value) => formatValue(value, this.options.unit)),
        },
      ],
      series,
      bands,
      hooks: {
        setCursor: [(plot) => this.onCursor(plot)],
        setSelect: [(plot) => this.onSelect(plot)],
      },
    };
  }

  private window(): [number, number] {
    const picture = this.picture;
    if (!picture) return [0, 1];
    return [picture.start, Math.max(picture.end, picture.outlook?.times.at(-1) ?? 0)];
  }

  private onSelect(plot: uPlot): void {
    if (plot.select.width < 4) return;
    const from = plot.posToVal(plot.select.left, 'x');
    const to = plot.posToVal(plot.select.left + plot.select.width, 'x');
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (to - from >= 5) this.options.onZoom?.(from, to);
  }

  private onCursor(plot: uPlot): void {
    const index = plot.cursor.idx;
    const left = plot.cursor.left ?? -1;
    if (index === null || index === undefined || left < 0) {
      this.hideTip();
      return;
    }
    const rows = this.rowsAt(plot, index);
    if (rows.length === 0) {
      this.hideTip();
      return;
    }
    const time = plot.data[0][index] ?? 0;
    this.tip.replaceChildren(
      h('div', { class: 'chart-tip-time' }, formatTime(time, true)),
      ...rows.slice(0, TIP_ROWS).map((row) =>
        h(
          'div',
          { class: 'chart-tip-row' },
          h('span', { class: `swatch ${row.swatch}` }),
          h('span', { class: 'chart-tip-label' }, row.label),
          h('b', {}, row.text),
        ),
      ),
      ...(rows.length > TIP_ROWS
        ? [h('div', { class: 'chart-tip-more' }, t('chart.more', { n: rows.length - TIP_ROWS }))]
        : []),
    );
    this.tip.hidden = false;
    const box = this.host.getBoundingClientRect();
    const over = plot.over.getBoundingClientRect();
    const x = over.left - box.left + left;
    const beside = x + 14 + this.tip.offsetWidth > box.width ? x - 14 - this.tip.offsetWidth : x + 14;
    this.tip.style.left = `${Math.max(0, beside)}px`;
    this.tip.style.top = '8px';
  }

  private rowsAt(plot: uPlot, index: number): { label: string; text: string; swatch: string; value: number }[] {
    const rows: { label: string; text: string; swatch: string; value: number }[] = [];
    const picture = this.picture;
    if (!picture) return rows;
    picture.lines.forEach((line, offset) => {
      const value = plot.data[this.firstLine + offset]?.[index];
      if (value === null || value === undefined || this.hidden.has(line.key)) return;
      const swatch = `swatch-${(line.colour % COLOURS) + 1}`;
      rows.push({ label: line.label, text: formatValue(value, this.options.unit), swatch, value });
    });
    rows.sort((a, b) => b.value - a.value);
    const between = (upper: number, lower: number): string | null => {
      const high = plot.data[upper]?.[index];
      const low = plot.data[lower]?.[index];
      if (high === null || high === undefined || low === null || low === undefined) return null;
      return `${formatValue(low, this.options.unit)} – ${formatValue(high, this.options.unit)}`;
    };
    const band = picture.expectation ? between(this.firstLine - 3, this.firstLine - 2) : null;
    if (band) rows.push({ label: t('chart.expected'), text: band, swatch: 'swatch-band', value: 0 });
    const outlook = picture.outlook ? between(3, 4) : null;
    if (outlook) rows.push({ label: t('chart.forecast80'), text: outlook, swatch: 'swatch-forecast', value: 0 });
    return rows;
  }

  private hideTip(): void {
    this.tip.hidden = true;
  }

  private onKey(event: KeyboardEvent): void {
    const plot = this.plot;
    if (!plot) return;
    const length = plot.data[0].length;
    const here = plot.cursor.idx ?? length;
    const next = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: length - 1 }[event.key];
    if (event.key === 'Escape') this.hideTip();
    if (next === undefined) return;
    event.preventDefault();
    const index = Math.min(length - 1, Math.max(0, next));
    const time = plot.data[0][index] ?? 0;
    plot.setCursor({ left: plot.valToPos(time, 'x'), top: plot.over.clientHeight / 2 });
    const rows = this.rowsAt(plot, index);
    this.readout.textContent = `${formatTime(time, true)}: ${rows.map((row) => `${row.label} ${row.text}`).join('; ')}`;
  }

  private summary(picture: Picture): string {
    const first = picture.lines[0];
    if (!first) return t('chart.empty');
    if (picture.lines.length > 1) return t('chart.series', { n: picture.lines.length });
    const values = first.values.filter((value): value is number => value !== null && Number.isFinite(value));
    if (values.length === 0) return t('chart.empty');
    return t('chart.summary', {
      last: formatValue(values.at(-1), this.options.unit),
      low: formatValue(Math.min(...values), this.options.unit),
      high: formatValue(Math.max(...values), this.options.unit),
    });
  }
}

/** From zero where that does not flatten the picture, never a span of nothing. */
function valueRange(low: number | null, high: number | null, unit: Unit): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const span = high - low;
  const bottom = low >= 0 && (low < high * 0.5 || unit === 'percent' || unit === 'ratio') ? 0 : low - span * 0.08;
  const top = high + Math.max(span, high - bottom) * 0.06;
  if (top - bottom > 1e-12) return [bottom, top];
  return low === 0 ? [0, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
}

function timeLabels(times: number[]): string[] {
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  return times.map((time) => {
    const date = new Date(time * 1000);
    if (step >= 86400) return date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
    const clock = date.toLocaleTimeString(undefined, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...(step < 60 ? { second: '2-digit' } : {}),
    });
    const midnight = date.getHours() === 0 && date.getMinutes() === 0 && step >= 3600;
    return midnight ? date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' }) : clock;
  });
}
