import { TimeChart, type Expectation, type Line, type Outlook } from '../lib/chart';
import { byId, h } from '../lib/dom';
import { QueryEditor } from '../lib/editor';
import { promDuration, seriesName, unitOf } from '../lib/format';
import { isAbort, prometheus, RequestError, type Metric, type QueryData } from '../lib/http';
import { expectationOf, forecastable, outlookOf } from '../lib/judge';
import { LiveStream, type LivePoints } from '../lib/live';
import { bounds, stepFor, width } from '../lib/range';
import { RangePicker } from '../lib/rangepicker';
import { aligned, finite, grid, keyOf, queryRange, sharedPart, shortNames, toLines } from '../lib/series';
import { t } from '../lib/texts';
import { Legend } from './legend';
import { AdviceView } from './advice';
import { explain, ExplainView } from './explain';
import { LIVE, readState, VIEWS, writeState, type ExploreState } from './explore-state';
import { MetricBrowser } from './metric-browser';
import { ResultTable } from './result-table';

/** More lines than this help nobody and stall the browser; the table shows all. */
const MAX_LINES = 200;
const RECENT = 'auspex.recent-queries';

/** The metric explorer: one expression, its graph and table, live, with what was expected and what will be. */
class Explorer {
  private state: ExploreState = readState(location.search);
  private readonly editor: QueryEditor;
  private readonly chart: TimeChart;
  private readonly legend: Legend;
  private readonly table: ResultTable;
  private readonly explanation = new ExplainView(byId('explanation'));
  private readonly advice = new AdviceView(byId('advice'));
  private readonly picker: RangePicker;
  private readonly live: LiveStream;
  private running: AbortController | null = null;
  private timer = 0;
  private lines: Line[] = [];
  private metrics = new Map<string, Metric>();
  private times: number[] = [];
  private judged: string | null = null;

  constructor() {
    this.editor = new QueryEditor(byId('editor'), {
      label: t('explore.queryLabel'),
      describedBy: 'query-status',
      hint: t('explore.queryHint'),
      text: this.state.query,
      onRun: () => this.run(true),
      onChange: () => this.problem(null),
    });
    this.chart = new TimeChart(byId('graph'), {
      unit: unitOf(this.state.query),
      height: chartHeight(),
      label: t('explore.graph'),
      onZoom: (from, to) => this.changeRange({ from, to }),
    });
    this.legend = new Legend(byId('legend'), this.chart, (key) => {
      this.judged = key;
      void this.judge();
    });
    this.table = new ResultTable(byId('result-table'));
    this.picker = new RangePicker(byId('range'), this.state.range, (range) => this.changeRange(range));
    this.live = new LiveStream({
      points: (points) => this.onPoints(points),
      reset: () => void this.run(false),
      state: (state) => this.showLive(state),
    });
    new MetricBrowser((name, type) => {
      this.editor.text = type === 'counter' ? `rate(${name}[5m])` : name;
      this.run(true);
    });
    this.wire();
    this.restore();
  }

  private wire(): void {
    byId('query-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.run(true);
    });
    for (const view of VIEWS) {
      byId(`tab-${view}`).addEventListener('click', () => this.change({ view }));
    }
    byId('tabs').addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      const step = event.key === 'ArrowRight' ? 1 : -1;
      const view = VIEWS[(VIEWS.indexOf(this.state.view) + step + VIEWS.length) % VIEWS.length] ?? 'graph';
      this.change({ view });
      byId(`tab-${view}`).focus();
    });
    const refresh = byId<HTMLSelectElement>('refresh');
    refresh.addEventListener('change', () => this.change({ refresh: Number(refresh.value) }));
    for (const name of ['band', 'forecast'] as const) {
      const box = byId<HTMLInputElement>(name);
      box.addEventListener('change', () => {
        this.remember({ [name]: box.checked });
        void this.judge();
      });
    }
    byId('zoom-out').addEventListener('click', () => this.zoomOut());
    byId('examples').addEventListener('click', (event) => {
      const example = (event.target as Element).closest<HTMLElement>('[data-query]');
      if (!example) return;
      this.editor.text = example.dataset['query'] ?? '';
      this.run(true);
    });
    addEventListener('popstate', () => {
      this.state = readState(location.search);
      this.editor.text = this.state.query;
      this.restore();
    });
  }

  private restore(): void {
    this.picker.set(this.state.range);
    byId<HTMLSelectElement>('refresh').value = String(this.state.refresh);
    byId<HTMLInputElement>('band').checked = this.state.band;
    byId<HTMLInputElement>('forecast').checked = this.state.forecast;
    this.showView();
    if (this.state.query !== '') void this.run(false);
    else {
      this.showRecent();
      this.editor.focus();
    }
  }

  private change(change: Partial<ExploreState>): void {
    this.remember(change);
    this.showView();
    void this.run(false);
  }

  private changeRange(range: ExploreState['range']): void {
    this.state = { ...this.state, range };
    history.pushState(null, '', writeState(this.state));
    this.picker.set(range);
    void this.run(false);
  }

  private zoomOut(): void {
    const { start, end } = bounds(this.state.range, Date.now() / 1000);
    const span = end - start;
    const live = 'last' in this.state.range;
    this.changeRange(
      live ? { last: Math.min(span * 2, 90 * 86400) } : { from: start - span / 2, to: Math.min(end + span / 2, Date.now() / 1000) },
    );
  }

  private remember(change: Partial<ExploreState>): void {
    this.state = { ...this.state, ...change };
    history.replaceState(null, '', writeState(this.state));
  }

  private showView(): void {
    for (const view of VIEWS) {
      const active = this.state.view === view;
      byId(`tab-${view}`).setAttribute('aria-selected', String(active));
      byId(`tab-${view}`).tabIndex = active ? 0 : -1;
      byId(`panel-${view}`).hidden = !active;
    }
  }

  private async run(byUser: boolean): Promise<void> {
    const query = this.editor.text.trim();
    if (query === '') return;
    if (byUser && query !== this.state.query) {
      this.state = { ...this.state, query };
      history.pushState(null, '', writeState(this.state));
      keepRecent(query);
      this.judged = null;
    }
    this.running?.abort();
    clearTimeout(this.timer);
    this.live.close();
    const running = new AbortController();
    this.running = running;
    byId('results').setAttribute('aria-busy', 'true');
    byId('start-here').hidden = true;
    byId('output').hidden = false;
    try {
      if (this.state.view === 'graph') await this.runGraph(query, running.signal);
      else if (this.state.view === 'table') await this.runTable(query, running.signal);
      else await this.runExplain(query, running.signal);
      this.problem(null);
      this.schedule();
    } catch (cause) {
      if (isAbort(cause)) return;
      this.problem(cause);
    } finally {
      if (this.running === running) byId('results').removeAttribute('aria-busy');
    }
  }

  private async runGraph(query: string, signal: AbortSignal): Promise<void> {
    const step = stepFor(this.state.range);
    const window = bounds(this.state.range, Date.now() / 1000);
    const [start, end] = aligned(window.start, window.end, step);
    const answer = await queryRange(query, start, end, step, signal);
    this.times = grid(start, end, step);
    this.lines = toLines(
      answer.series.slice(0, MAX_LINES),
      this.times,
      shortNames(answer.series.map((one) => one.metric)),
    );
    this.metrics = new Map(answer.series.map((one) => [keyOf(one.metric), one.metric]));
    if (this.judged === null || !this.metrics.has(this.judged)) this.judged = this.lines[0]?.key ?? null;
    this.notes([...answer.warnings, ...answer.infos]);
    this.cost(answer.series.length, this.lines, step, answer.millis);
    byId('no-data').hidden = this.lines.length > 0;
    byId('graph').hidden = this.lines.length === 0;
    this.draw(null, null);
    if (this.state.band || this.state.forecast) void this.judge();
  }

  private draw(expectation: Expectation | null, outlook: Outlook | null): void {
    const judging = this.state.band || this.state.forecast;
    this.chart.setUnit(unitOf(this.state.query));
    this.chart.show({
      times: [...this.times],
      lines: this.lines,
      expectation,
      outlook,
      start: this.times[0] ?? 0,
      end: this.times.at(-1) ?? 1,
    });
    const metrics = [...this.metrics.values()];
    byId('shared').textContent = metrics.length > 1 ? sharedPart(metrics).replace(/^\{\}$/, '') : '';
    this.legend.show(this.lines, unitOf(this.state.query), judging && this.lines.length > 1 ? this.judged : null);
  }

  /** Asks the engines about the chosen series. A failure leaves the graph as it is and says why. */
  private async judge(): Promise<void> {
    if (this.state.view !== 'graph' || this.lines.length === 0) return;
    const { band, forecast } = this.state;
    if (!band && !forecast) {
      this.draw(null, null);
      this.judgeNote('');
      return;
    }
    const query = this.judgedQuery();
    const signal = this.running?.signal;
    const step = stepFor(this.state.range);
    const [start, end] = [this.times[0] ?? 0, this.times.at(-1) ?? 0];
    this.judgeNote(t('explore.judging'));
    try {
      const [expectation, outlook] = await Promise.all([
        band ? expectationOf(query, this.judged, start, end, step, signal) : null,
        forecast && forecastable(this.lines.find((line) => line.key === this.judged)?.values)
          ? outlookOf(query, this.judged, end, width(this.state.range) / 3, signal)
          : null,
      ]);
      this.draw(expectation, outlook);
      this.judgeNote((band && !expectation) || (forecast && !outlook) ? t('explore.tooShort') : '');
    } catch (cause) {
      if (!isAbort(cause)) this.judgeNote(cause instanceof Error ? cause.message : String(cause));
    }
  }

  /** The chosen series itself where it is a stored one; else the whole expression, of whose answer it is picked. */
  private judgedQuery(): string {
    const query = this.state.query;
    if (this.lines.length < 2) return query;
    const metric = this.metrics.get(this.judged ?? '') ?? {};
    return metric['__name__'] ? seriesName(metric) : query;
  }

  private async runTable(query: string, signal: AbortSignal): Promise<void> {
    const { end } = bounds(this.state.range, Date.now() / 1000);
    const begun = performance.now();
    const answer = await prometheus<QueryData>('query', { query, time: String(end) }, signal);
    const size = Array.isArray(answer.data.result) && answer.data.resultType !== 'scalar' ? answer.data.result.length : 1;
    this.table.show(answer.data, unitOf(query));
    this.notes([...answer.warnings, ...answer.infos]);
    byId('cost').textContent = t('explore.costTable', { rows: size, ms: Math.round(performance.now() - begun) });
    byId('no-data').hidden = size > 0;
  }

  private async runExplain(query: string, signal: AbortSignal): Promise<void> {
    const step = stepFor(this.state.range);
    const window = bounds(this.state.range, Date.now() / 1000);
    const [start, end] = aligned(window.start, window.end, step);
    const begun = performance.now();
    const explanation = await explain(query, start, end, step, signal);
    this.explanation.show(explanation);
    this.notes([]);
    byId('cost').textContent = t('explain.cost', { step: promDuration(step), ms: Math.round(performance.now() - begun) });
    byId('no-data').hidden = true;
    if (byId('advice').dataset['analyst'] === 'true') void this.advice.show({ query, start, end, step }, signal);
  }

  private schedule(): void {
    const { refresh, range, query, view } = this.state;
    if (!('last' in range) || refresh === 0 || view === 'explain') {
      this.showLive(null);
      return;
    }
    if (refresh === LIVE && view === 'graph' && this.lines.length > 0) {
      this.live.open([query], stepFor(range), this.times.at(-1));
      return;
    }
    this.showLive(null);
    this.timer = window.setTimeout(() => void this.run(false), (refresh === LIVE ? 15 : refresh) * 1000);
  }

  private onPoints(points: LivePoints): void {
    const values = new Map<string, number | null>();
    for (const one of points.results[0]?.series ?? []) values.set(keyOf(one.metric), finite(one.value));
    const strangers = [...values.keys()].some((key) => !this.metrics.has(key));
    if (strangers && this.lines.length < MAX_LINES) {
      void this.run(false);
      return;
    }
    this.chart.append(points.time, values);
    byId('graph').dataset['points'] = String(Number(byId('graph').dataset['points'] ?? 0) + 1);
  }

  private showLive(state: 'connecting' | 'live' | 'lost' | null): void {
    const badge = byId('live-state');
    badge.hidden = state === null;
    if (state === null) return;
    badge.dataset['state'] = state;
    byId('live-text').textContent = t(`live.${state}`);
  }

  private cost(series: number, lines: Line[], step: number, millis: number): void {
    const points = lines.reduce((sum, line) => sum + line.values.reduce<number>((n, v) => n + (v === null ? 0 : 1), 0), 0);
    byId('cost').textContent = t('explore.cost', {
      series,
      points: points.toLocaleString(),
      step: promDuration(step),
      ms: Math.round(millis),
    });
    if (series > MAX_LINES) byId('cost').append(` ${t('explore.cut', { shown: MAX_LINES })}`);
  }

  private notes(notes: string[]): void {
    byId('notes').replaceChildren(...notes.map((note) => h('li', {}, note)));
  }

  private judgeNote(text: string): void {
    byId('judge-note').textContent = text;
  }

  private problem(cause: unknown): void {
    const box = byId('query-problem');
    box.hidden = cause === null;
    byId('query-status').textContent = '';
    if (cause === null) return;
    const message = cause instanceof Error ? cause.message : String(cause);
    const place = /(?:^|\s)(\d+):(\d+): parse error: (.*)$/s.exec(message);
    if (place) this.editor.mark(place[3] ?? message, Number(place[1]), Number(place[2]));
    const words = place ? t('explore.parseError', { line: place[1] ?? '', column: place[2] ?? '', what: place[3] ?? '' }) : message;
    box.replaceChildren(h('strong', {}, t('explore.refused')), ` ${words}`);
    if (cause instanceof RequestError && cause.status >= 500 && cause.reference) {
      box.append(h('span', { class: 'reference' }, t('error.reference', { id: cause.reference })));
    }
    byId('query-status').textContent = words;
    byId('output').hidden = this.lines.length === 0;
    this.showLive(null);
  }

  private showRecent(): void {
    const recent = recentQueries();
    byId('recent').hidden = recent.length === 0;
    byId('recent-list').replaceChildren(
      ...recent.map((query) => {
        const button = h('button', { type: 'button', class: 'query-link' }, query);
        button.addEventListener('click', () => {
          this.editor.text = query;
          void this.run(true);
        });
        return h('li', {}, button);
      }),
    );
  }
}

function recentQueries(): string[] {
  try {
    return JSON.parse(localStorage.getItem(RECENT) ?? '[]') as string[];
  } catch {
    return [];
  }
}

function keepRecent(query: string): void {
  try {
    const queries = [query, ...recentQueries().filter((one) => one !== query)].slice(0, 8);
    localStorage.setItem(RECENT, JSON.stringify(queries));
  } catch {
    // not remembered then
  }
}

function chartHeight(): number {
  return Math.round(Math.min(420, Math.max(240, innerHeight * 0.42)));
}

new Explorer();
