import { TimeChart, type Expectation, type Line, type Outlook } from '../lib/chart';
import { byId, h, icon } from '../lib/dom';
import { formatDuration, formatValue, parseDuration, promDuration } from '../lib/format';
import { prometheus } from '../lib/http';
import { insightItem, insightPage, type Insight } from '../lib/insights';
import { bounded, expectationOf, forecastable, outlookOf } from '../lib/judge';
import { LiveStream, type LivePoints } from '../lib/live';
import { stepFor } from '../lib/range';
import { aligned, finite, grid, queryRange, toLines } from '../lib/series';
import { t } from '../lib/texts';
import { HOST_PANELS, queriesOf, type Panel } from './overview-panels';

/** Bands and forecasts are asked for again this often; charts themselves grow by push. */
const JUDGE_EVERY = 120_000;
const JUDGE_YOUNG_EVERY = 30_000;
const INSIGHTS_EVERY = 60_000;
const SPANS = [900, 3600, 6 * 3600, 86400];
const FIRST_DATA_EVERY = 5_000;
/** After a minute, what is empty is not of this host. */
const FIRST_LOADS = 12;
const OPEN_SHOWN = 5;
const HOSTS = { 'match[]': 'node_cpu_seconds_total' };
/** The hosts that Auspex itself runs on; one of them is shown first. */
const OWN_HOSTS = { 'match[]': 'auspex_ingest_samples_total' };
const YOUNGEST_WINDOW = 600;
/** A verdict on what will be needs this much history for each second that it looks ahead. */
const HISTORY_PER_HORIZON = 2;

type Card = {
  panel: Panel;
  queries: string[];
  chart: TimeChart;
  element: HTMLElement;
  value: HTMLElement;
  lines: Line[];
  expectation: Expectation | null;
  outlook: Outlook | null;
};

/** What is wrong now, what will be, and the vital signs of a host, live. */
class Overview {
  private readonly parameters = new URLSearchParams(location.search);
  private readonly mayJudge = byId('overview').dataset['mayJudge'] === 'true';
  private span = 3600;
  private instance = '';
  private cards: Card[] = [];
  private times: number[] = [];
  private judging = 0;
  private loads = 0;
  private readonly live = new LiveStream({
    points: (points) => this.onPoints(points),
    insight: () => void this.showInsights(),
    reset: () => void this.load(),
    state: (state) => {
      byId('live-state').hidden = false;
      byId('live-state').dataset['state'] = state;
      byId('live-text').textContent = t(`live.${state}`);
    },
  });

  async start(): Promise<void> {
    const wanted = parseDuration(this.parameters.get('range') ?? '');
    if (wanted && SPANS.includes(wanted)) this.span = wanted;
    const span = byId<HTMLSelectElement>('span');
    span.value = String(this.span);
    span.addEventListener('change', () => {
      this.span = Number(span.value);
      this.remember();
      void this.load();
    });
    for (const name of ['band', 'forecast'] as const) {
      byId<HTMLInputElement>(name).addEventListener('change', () => this.drawAll());
    }
    void this.showInsights();
    setInterval(() => void this.showInsights(), INSIGHTS_EVERY);
    if (!(await this.findInstances())) return;
    this.buildCards();
    await this.load();
  }

  /** False when the tenant has no data at all; then the page says what to do. */
  private async findInstances(): Promise<boolean> {
    let names: string[];
    let own: string[];
    try {
      const any = await prometheus<string[]>('label/__name__/values', { limit: '1' });
      byId('loading').hidden = true;
      if (any.data.length === 0) {
        byId('first-steps').hidden = false;
        this.reloadWith('label/__name__/values', { limit: '1' });
        return false;
      }
      const instances = async (match: Record<string, string>) =>
        (await prometheus<string[]>('label/instance/values', match)).data;
      [names, own] = await Promise.all([instances(HOSTS), instances(OWN_HOSTS)]);
    } catch (cause) {
      byId('loading').hidden = true;
      this.fail(cause);
      return false;
    }
    if (names.length === 0) {
      byId('no-host').hidden = false;
      this.reloadWith('label/instance/values', HOSTS);
      return false;
    }
    const wanted = this.parameters.get('instance') ?? '';
    this.instance = names.includes(wanted) ? wanted : (names.find((name) => own.includes(name)) ?? names[0] ?? '');
    const select = byId<HTMLSelectElement>('instance');
    select.replaceChildren(...names.map((name) => h('option', { value: name, selected: name === this.instance }, name)));
    select.addEventListener('change', () => {
      this.instance = select.value;
      this.remember();
      this.buildCards();
      void this.load();
    });
    byId('overview-controls').hidden = false;
    return true;
  }

  /** Begins anew as soon as there is what the page was missing. */
  private reloadWith(path: string, parameters: Record<string, string>): void {
    const timer = setInterval(async () => {
      try {
        if ((await prometheus<string[]>(path, parameters)).data.length > 0) {
          clearInterval(timer);
          location.reload();
        }
      } catch {
        // asked again at the next turn
      }
    }, FIRST_DATA_EVERY);
  }

  private remember(): void {
    const parameters = new URLSearchParams();
    if (this.span !== 3600) parameters.set('range', promDuration(this.span));
    if (this.instance !== '') parameters.set('instance', this.instance);
    history.replaceState(null, '', `?${parameters}`);
  }

  private buildCards(): void {
    this.cards = HOST_PANELS.map((panel) => {
      const queries = queriesOf(panel, this.instance);
      const value = h('p', { class: 'card-value' }, '–');
      const graph = h('div', { class: 'card-chart' });
      const explore = h(
        'a',
        {
          class: 'icon-link',
          href: `/explore?${new URLSearchParams({ q: queries[0] ?? '', range: promDuration(this.span) })}`,
          'aria-label': t('overview.openIn', { name: t(`panel.${panel.id}.title`) }),
          title: t('overview.explore'),
        },
        icon('explore'),
      );
      const element = h(
        'section',
        { class: 'card', 'aria-label': t(`panel.${panel.id}.title`), 'data-panel': panel.id },
        h('header', { class: 'card-head' }, h('h3', {}, t(`panel.${panel.id}.title`)), explore),
        value,
        graph,
      );
      const chart = new TimeChart(graph, { unit: panel.unit, height: 168, label: t(`panel.${panel.id}.title`) });
      return { panel, queries, chart, element, value, lines: [], expectation: null, outlook: null };
    });
    byId('cards').replaceChildren(...this.cards.map((card) => card.element));
    byId('vitals').hidden = false;
  }

  private async load(): Promise<void> {
    const step = stepFor({ last: this.span });
    const now = Date.now() / 1000;
    const [start, end] = aligned(now - this.span, now, step);
    this.times = grid(start, end, step);
    byId('cards').setAttribute('aria-busy', 'true');
    await Promise.all(this.cards.map((card) => this.loadCard(card, start, end, step)));
    byId('cards').removeAttribute('aria-busy');
    const empty = this.cards.filter((card) => card.lines.length === 0);
    this.cards.forEach((card) => (card.element.hidden = card.lines.length === 0));
    byId('loading').hidden = empty.length < this.cards.length;
    if (empty.length > 0 && this.loads++ < FIRST_LOADS) {
      // the first samples are younger than the last step of the grid, and a rate needs two
      setTimeout(() => void this.load(), FIRST_DATA_EVERY);
    }
    this.drawAll();
    this.live.open(this.cards.flatMap((card) => card.queries), step, end);
    await this.judgeAll();
    this.judgeLater();
  }

  private async loadCard(card: Card, start: number, end: number, step: number): Promise<void> {
    try {
      const answers = await Promise.all(card.queries.map((query) => queryRange(query, start, end, step)));
      card.lines = answers.flatMap((answer, index) =>
        toLines(answer.series.slice(0, 1), this.times, () => t(card.panel.lines[index]?.name ?? '')).map((line) => ({
          ...line,
          key: String(index),
          colour: index,
        })),
      );
    } catch (cause) {
      card.lines = [];
      this.fail(cause);
    }
  }

  private drawAll(): void {
    this.cards.forEach((card) => this.draw(card));
  }

  private draw(card: Card): void {
    const band = byId<HTMLInputElement>('band').checked;
    const forecast = byId<HTMLInputElement>('forecast').checked;
    card.chart.show({
      times: [...this.times],
      lines: card.lines.map((line) => ({ ...line, values: [...line.values] })),
      expectation: band ? card.expectation : null,
      outlook: forecast && card.outlook ? bounded(card.outlook, card.panel.limit ?? Infinity) : null,
      start: this.windowStart(),
      end: this.times.at(-1) ?? 1,
    });
    this.showValue(card, card.lines.map((line) => line.values.findLast((value) => value !== null) ?? null));
  }

  /** A young installation has minutes of history: an hour of emptiness before them would hide them. */
  private windowStart(): number {
    const from = this.times[0] ?? 0;
    const firsts = this.cards.flatMap((card) => card.lines.map((line) => line.values.findIndex((value) => value !== null)));
    const first = Math.min(...firsts.filter((index) => index >= 0));
    if (!Number.isFinite(first)) return from;
    return Math.max(from, Math.min(this.times[first] ?? from, (this.times.at(-1) ?? from) - YOUNGEST_WINDOW));
  }

  private showValue(card: Card, values: (number | null)[]): void {
    card.value.replaceChildren(
      ...values.map((value, index) =>
        h(
          'span',
          { class: 'card-figure' },
          h('b', {}, formatValue(value, card.panel.unit)),
          ...(card.lines.length > 1
            ? [h('span', { class: `swatch swatch-${index + 1}` }), h('span', { class: 'card-name' }, card.lines[index]?.label ?? '')]
            : []),
        ),
      ),
    );
  }

  private onPoints(points: LivePoints): void {
    let query = 0;
    if (points.time > (this.times.at(-1) ?? 0)) {
      this.times.push(points.time);
      this.times.shift();
      for (const card of this.cards) {
        for (const line of card.lines) {
          line.values.push(null);
          line.values.shift();
        }
      }
    }
    for (const card of this.cards) {
      const values = new Map<string, number | null>();
      const latest = card.queries.map((_query, index) => {
        const series = points.results.find((result) => result.query === query)?.series[0];
        query++;
        const value = series ? finite(series.value) : null;
        values.set(String(index), value);
        const line = card.lines.find((one) => one.key === String(index));
        if (line) line.values[line.values.length - 1] = value;
        return value;
      });
      card.chart.append(points.time, values);
      if (latest.some((value) => value !== null)) this.showValue(card, latest);
    }
    byId('cards').dataset['pushed'] = String(Number(byId('cards').dataset['pushed'] ?? 0) + 1);
  }

  /** Soon again while the history is still too short for forecasts. */
  private judgeLater(): void {
    clearTimeout(this.judging);
    const waiting = this.cards.some((card) => card.panel.limit !== undefined && card.outlook === null);
    this.judging = window.setTimeout(
      () => void this.judgeAll().then(() => this.judgeLater()),
      waiting ? JUDGE_YOUNG_EVERY : JUDGE_EVERY,
    );
  }

  /** One card after the other: the page is for looking at, the engines have others to serve. */
  private async judgeAll(): Promise<void> {
    if (!this.mayJudge) return;
    const step = stepFor({ last: this.span });
    const [start, end] = [this.times[0] ?? 0, this.times.at(-1) ?? 0];
    for (const card of this.cards.filter((one) => one.queries.length === 1 && one.lines.length > 0)) {
      const query = card.queries[0] ?? '';
      try {
        card.expectation = await expectationOf(query, null, start, end, step);
        if (card.panel.limit !== undefined && forecastable(card.lines[0]?.values)) {
          card.outlook = await outlookOf(query, null, end, Math.max(900, this.span / 4));
        }
        this.draw(card);
      } catch {
        // the chart stands without a band; the next round asks again
      }
    }
    this.showAhead();
  }

  private showAhead(): void {
    const items = this.cards.filter((card) => card.outlook !== null).map((card) => this.aheadItem(card));
    byId('ahead').replaceChildren(...items);
    byId('ahead-empty').hidden = items.length > 0;
  }

  /** How long the line of a card is, as far as the page shows it. */
  private knownSeconds(card: Card): number {
    const first = card.lines[0]?.values.findIndex((value) => value !== null) ?? -1;
    return first < 0 ? 0 : (this.times.at(-1) ?? 0) - (this.times[first] ?? 0);
  }

  private aheadItem(card: Card): HTMLElement {
    const outlook = card.outlook as Outlook;
    const last = outlook.times.length - 1;
    const horizon = (outlook.times[last] ?? 0) - (this.times.at(-1) ?? 0);
    const limit = card.panel.limit ?? Infinity;
    const reached = outlook.median.findIndex((value) => value >= limit);
    const possible = outlook.upper80.findIndex((value) => value >= limit);
    const inSeconds = (index: number): string => formatDuration((outlook.times[index] ?? 0) - (this.times.at(-1) ?? 0));
    const name = t(`panel.${card.panel.id}.title`);
    const known = this.knownSeconds(card);
    const [level, verdict] =
      known < HISTORY_PER_HORIZON * horizon
        ? ['info', t('ahead.early', { span: formatDuration(known) })]
        : reached >= 0
          ? ['critical', t('ahead.reaches', { span: inSeconds(reached) })]
          : possible >= 0
            ? ['warning', t('ahead.mayReach', { span: inSeconds(possible) })]
            : ['ok', t('ahead.stays', { span: formatDuration(horizon) })];
    const possibly = bounded(outlook, limit);
    const figures = t('ahead.figures', {
      median: formatValue(possibly.median[last], card.panel.unit),
      low: formatValue(possibly.lower80[last], card.panel.unit),
      high: formatValue(possibly.upper80[last], card.panel.unit),
      span: formatDuration(horizon),
    });
    return h(
      'li',
      { class: 'finding', 'data-level': level },
      h('span', { class: 'finding-mark', 'aria-hidden': 'true' }),
      h('div', {}, h('p', { class: 'finding-title' }, h('b', {}, name), ` ${verdict}`), h('p', { class: 'finding-detail' }, figures)),
    );
  }

  private async showInsights(): Promise<void> {
    let open: Insight[];
    try {
      open = (await insightPage({ limit: String(OPEN_SHOWN), open: 'true' })).items;
    } catch (cause) {
      byId('now-empty').textContent = cause instanceof Error ? cause.message : String(cause);
      byId('now-empty').hidden = false;
      return;
    }
    byId('now').replaceChildren(...open.map((insight) => insightItem(insight)));
    byId('now-empty').hidden = open.length > 0;
    byId('now-empty').textContent = t('overview.calm');
    byId('now-count').textContent = open.length === 0 ? '' : String(open.length);
    byId('verdict').textContent = t(open.length === 0 ? 'overview.verdictCalm' : 'overview.verdict', { n: open.length });
  }

  private fail(cause: unknown): void {
    const box = byId('page-problem');
    box.hidden = false;
    box.textContent = cause instanceof Error ? cause.message : String(cause);
  }
}

void new Overview().start();
