import { byId, h } from '../lib/dom';
import { formatDuration, formatTime, formatValue } from '../lib/format';
import { own, prometheus } from '../lib/http';
import { t } from '../lib/texts';
import { initDeletions } from './deletions';

type Kept = {
  series: number;
  activeSeries: number;
  activeSeriesLimit: number;
  packs: number;
  packedSamples: number;
  packedBytes: number;
  bytesPerSample: number;
  firstSampleMillis: number;
  lastSampleMillis: number;
  tiers: Tier[];
};

type Tier = { tier: string; rows: number; bytes: number; firstMillis: number };

type MetricClass = { name: string; metrics: string; days: Record<string, number> };

type Policy = { classes: MetricClass[]; version: number };

type Count = { name: string; value: number };

type Cardinality = {
  seriesCountByMetricName: Count[];
  labelValueCountByLabelName: Count[];
  seriesCountByLabelValuePair: Count[];
};

const LARGEST = '10';
const RETENTION = '/api/v1/performance/retention';
const DEFAULT = 'default';
const MOST_DAYS = 3650;

/** What the tenant's samples take, and of which metrics and labels its series are. */
async function show(): Promise<void> {
  try {
    const [kept, policy, cardinality] = await Promise.all([
      own<Kept>('/api/v1/performance/storage'),
      own<Policy>(RETENTION),
      prometheus<Cardinality>('status/tsdb', { limit: LARGEST }),
    ]);
    showKept(kept);
    showTiers(kept.tiers);
    showPolicy(policy);
    showCardinality(cardinality.data, kept.series);
    byId('storage').hidden = false;
  } catch (cause) {
    byId('page-problem').hidden = false;
    byId('page-problem').textContent = cause instanceof Error ? cause.message : String(cause);
  }
  byId('loading').hidden = true;
}

function showKept(kept: Kept): void {
  const packed = kept.packedSamples > 0;
  const span = (kept.lastSampleMillis - kept.firstSampleMillis) / 1000;
  const facts: [string, string | HTMLElement][] = [
    [t('storage.series'), formatValue(kept.series, 'number')],
    [t('storage.active'), share(kept.activeSeries, kept.activeSeriesLimit, t('storage.active'))],
    [t('storage.samples'), packed ? formatValue(kept.packedSamples, 'number') : t('storage.inMemory')],
    [t('storage.bytes'), `${formatValue(kept.packedBytes, 'bytes')} (${formatValue(kept.packs, 'number')} ${t('storage.packs')})`],
    [t('storage.perSample'), packed ? `${formatValue(kept.bytesPerSample, 'number')} B` : '–'],
    [
      t('storage.span'),
      packed
        ? `${formatTime(kept.firstSampleMillis / 1000)} – ${formatTime(kept.lastSampleMillis / 1000)} (${formatDuration(span)})`
        : '–',
    ],
  ];
  byId('kept').replaceChildren(...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

/** A bar and the figures it stands for. */
function share(value: number, of: number, label: string, text = ''): HTMLElement {
  return h(
    'span',
    { class: 'share' },
    h('meter', { min: 0, max: Math.max(1, of), value, 'aria-label': label }),
    ` ${text || t('storage.of', { value: formatValue(value, 'number'), of: formatValue(of, 'number') })}`,
  );
}

function showCardinality(cardinality: Cardinality, series: number): void {
  byId('cardinality').replaceChildren(
    largest(t('storage.byMetric'), t('storage.metric'), t('storage.seriesCount'), cardinality.seriesCountByMetricName, series, (name) =>
      exploreLink(name, JSON.stringify(name), '__name__'),
    ),
    largest(t('storage.byLabel'), t('storage.label'), t('storage.values'), cardinality.labelValueCountByLabelName, series),
    largest(t('storage.byPair'), t('storage.pair'), t('storage.seriesCount'), cardinality.seriesCountByLabelValuePair, series, (pair) => {
      const cut = pair.indexOf('=');
      return exploreLink(pair, JSON.stringify(pair.slice(cut + 1)), pair.slice(0, cut));
    }),
  );
}

function exploreLink(text: string, value: string, label: string): HTMLElement {
  const query = `count by (__name__) ({${label}=${value}})`;
  return h('a', { href: `/explore?${new URLSearchParams({ q: query, view: 'table' })}` }, text);
}

function largest(
  title: string,
  first: string,
  second: string,
  counts: Count[],
  most: number,
  link: (name: string) => HTMLElement | string = (name) => name,
): HTMLElement {
  return h(
    'div',
    {},
    h('h3', {}, title),
    h(
      'div',
      { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': title },
      h(
        'table',
        { class: 'table is-compact' },
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, first), h('th', { scope: 'col', class: 'is-number' }, second))),
        h(
          'tbody',
          {},
          ...counts.map(({ name, value }) =>
            h(
              'tr',
              {},
              h('td', {}, link(name)),
              h(
                'td',
                { class: 'is-number' },
                h('meter', { min: 0, max: Math.max(1, most), value, 'aria-hidden': 'true' }),
                ` ${formatValue(value, 'number')}`,
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

function showTiers(tiers: Tier[]): void {
  const most = Math.max(1, ...tiers.map((tier) => tier.bytes));
  byId('tiers').replaceChildren(
    ...tiers.map((tier) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, t(`storage.tier.${tier.tier}`)),
        h('td', {}, share(tier.bytes, most, t('storage.bytes'), formatValue(tier.bytes, 'bytes'))),
        h('td', { class: 'is-number' }, formatValue(tier.rows, 'number')),
        h('td', {}, tier.rows > 0 ? formatTime(tier.firstMillis / 1000) : '–'),
      ),
    ),
  );
}

let policyVersion = 0;
let tierNames: string[] = [];

function showPolicy(policy: Policy): void {
  policyVersion = policy.version;
  tierNames = Object.keys(policy.classes[0]?.days ?? {});
  byId('classes').replaceChildren(...policy.classes.map(classRow));
}

/** One class as inputs; the default one has all metrics that no other has, and stays. */
function classRow(metricClass: MetricClass): HTMLElement {
  const last = metricClass.name === DEFAULT;
  const text = (name: string, label: string, value: string): HTMLElement =>
    h('input', { name, value, 'aria-label': label, required: true, readonly: last, maxlength: 500, spellcheck: 'false' });
  const remove = h('button', { type: 'button', class: 'button is-quiet' }, t('storage.class.remove'));
  const row = h(
    'tr',
    {},
    h('td', { 'data-label': t('storage.class.name') }, text('name', t('storage.class.name'), metricClass.name)),
    h('td', { 'data-label': t('storage.class.metrics') }, text('metrics', t('storage.class.metrics'), metricClass.metrics)),
    ...tierNames.map((tier) =>
      h(
        'td',
        { 'data-label': t(`storage.tier.${tier}`) },
        h('input', {
          type: 'number',
          name: tier,
          min: 1,
          max: MOST_DAYS,
          required: true,
          value: metricClass.days[tier] ?? '',
          'aria-label': t('storage.class.days', { tier: t(`storage.tier.${tier}`), name: metricClass.name }),
        }),
      ),
    ),
    h('td', {}, last ? '' : remove),
  );
  remove.addEventListener('click', () => row.remove());
  return row;
}

function readPolicy(): MetricClass[] {
  return [...byId('classes').querySelectorAll('tr')].map((row) => {
    const value = (name: string): string => row.querySelector<HTMLInputElement>(`[name="${name}"]`)?.value ?? '';
    return {
      name: value('name'),
      metrics: value('metrics'),
      days: Object.fromEntries(tierNames.map((tier) => [tier, Number(value(tier))])),
    };
  });
}

function addClass(): void {
  const classes = byId('classes');
  const rest = classes.lastElementChild;
  const days = readPolicy().at(-1)?.days ?? {};
  const row = classRow({ name: '', metrics: '', days });
  classes.insertBefore(row, rest);
  row.querySelector('input')?.focus();
}

async function save(event: Event): Promise<void> {
  event.preventDefault();
  const state = byId('retention-state');
  try {
    showPolicy(await own<Policy>(RETENTION, { body: { classes: readPolicy() }, version: policyVersion }));
    state.className = 'notice is-good';
    state.textContent = t('storage.retention.saved');
  } catch (cause) {
    state.className = 'notice is-problem';
    state.textContent = cause instanceof Error ? cause.message : String(cause);
  }
  state.hidden = false;
}

byId('add-class').addEventListener('click', addClass);
byId('retention').addEventListener('submit', (event) => void save(event));
void show();
initDeletions();
