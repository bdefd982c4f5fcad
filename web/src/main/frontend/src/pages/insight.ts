import { TimeChart } from '../lib/chart';
import { byId, h } from '../lib/dom';
import { formatTime, formatValue, seriesName, unitOf } from '../lib/format';
import { own } from '../lib/http';
import { insight, level, span, type Insight } from '../lib/insights';
import { expectationOf } from '../lib/judge';
import { stepFor } from '../lib/range';
import { aligned, grid, queryRange, toLines } from '../lib/series';
import { t } from '../lib/texts';

type Anomaly = {
  labels: Record<string, string>;
  expression: string;
  startedAt: string;
  lastAt: string;
  endedAt?: string | null;
  explanation: string;
  peak: {
    time: string;
    value: number;
    score: number;
    expected?: number | null;
    lower?: number | null;
    upper?: number | null;
    season: string;
    detector: string;
    parts?: { detector: string; score: number }[] | null;
  };
};

const ANOMALY = /^\/api\/v1\/performance\/anomalies\/\d+$/;

/** One finding with what it rests on: the series around it, what was expected, and who judged how. */
async function show(): Promise<void> {
  const id = new URLSearchParams(location.search).get('id') ?? '';
  try {
    const finding = await insight(id);
    describe(finding);
    const link = finding.evidence.find((evidence) => ANOMALY.test(evidence.href));
    if (link) await explain(await own<Anomaly>(link.href));
  } catch (cause) {
    byId('page-problem').hidden = false;
    byId('page-problem').textContent = cause instanceof Error ? cause.message : String(cause);
  }
}

function describe(finding: Insight): void {
  const severity = level(finding.severity);
  byId('title').textContent = finding.title;
  byId('crumb').textContent = finding.title;
  document.title = `${finding.title} · Auspex`;
  byId('summary').textContent = finding.summary;
  byId('about').replaceChildren(
    h('span', { class: `severity severity-${severity}` }, t(`severity.${severity}`)),
    ` ${t(`kind.${finding.kind}`)} · ${span(finding)}`,
  );
  byId('detail').hidden = false;
}

async function explain(anomaly: Anomaly): Promise<void> {
  const { expression } = anomaly;
  const unit = unitOf(expression);
  const peak = anomaly.peak;
  const facts: [string, string][] = [
    [t('insight.observed'), `${formatValue(peak.value, unit)} (${formatTime(Date.parse(peak.time) / 1000, true)})`],
    [t('insight.expected'), formatValue(peak.expected, unit)],
    [
      t('insight.band'),
      `${formatValue(peak.lower, unit)} – ${formatValue(peak.upper, unit)}`,
    ],
    [t('insight.score'), t('insight.nines', { score: formatValue(peak.score, 'number') })],
    [t('insight.season'), peak.season],
    [t('insight.detectors'), (peak.parts ?? []).map((part) => `${part.detector} ${formatValue(part.score, 'number')}`).join(', ') || peak.detector],
    [t('insight.series'), seriesName(anomaly.labels)],
  ];
  byId('facts').replaceChildren(...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
  byId('explanation').textContent = anomaly.explanation;
  byId('evidence').hidden = false;
  const began = Date.parse(anomaly.startedAt) / 1000;
  const over = Date.parse(anomaly.endedAt ?? anomaly.lastAt) / 1000;
  const around = Math.max(1800, (over - began) * 2);
  const to = Math.min(Date.now() / 1000, over + around / 2);
  byId('explore-link').setAttribute(
    'href',
    `/explore?${new URLSearchParams({ q: expression, from: String(Math.round(began - around)), to: String(Math.round(to)), band: '1' })}`,
  );
  const step = stepFor({ from: began - around, to });
  const [start, end] = aligned(began - around, to, step);
  const chart = new TimeChart(byId('graph'), { unit, height: 280, label: expression });
  const times = grid(start, end, step);
  const matrix = await queryRange(expression, start, end, step);
  const picture = { times, lines: toLines(matrix.series.slice(0, 1), times), start, end };
  chart.show(picture);
  if (byId('detail').dataset['mayJudge'] === 'true') {
    chart.show({ ...picture, expectation: await expectationOf(expression, null, start, end, step) });
  }
}

void show();
