import { byId, h } from '../lib/dom';
import { formatDuration, formatTime, formatValue } from '../lib/format';
import { own, prometheus } from '../lib/http';
import { t } from '../lib/texts';

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
};

type Count = { name: string; value: number };

type Cardinality = {
  seriesCountByMetricName: Count[];
  labelValueCountByLabelName: Count[];
  seriesCountByLabelValuePair: Count[];
};

const LARGEST = '10';

/** What the tenant's samples take, and of which metrics and labels its series are. */
async function show(): Promise<void> {
  try {
    const [kept, cardinality] = await Promise.all([
      own<Kept>('/api/v1/performance/storage'),
      prometheus<Cardinality>('status/tsdb', { limit: LARGEST }),
    ]);
    showKept(kept);
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
function share(value: number, of: number, label: string): HTMLElement {
  return h(
    'span',
    { class: 'share' },
    h('meter', { min: 0, max: Math.max(1, of), value, 'aria-label': label }),
    ` ${t('storage.of', { value: formatValue(value, 'number'), of: formatValue(of, 'number') })}`,
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

void show();
