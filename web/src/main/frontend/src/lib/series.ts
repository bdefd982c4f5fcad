import type { Line } from './chart';
import { COLOURS } from './chart';
import { prometheus, type MatrixSeries, type Metric, type QueryData } from './http';
import { seriesName } from './format';

/** Identity of a series inside one chart. */
export function keyOf(metric: Metric): string {
  return Object.keys(metric)
    .sort()
    .map((name) => `${name}=${metric[name]}`)
    .join('\u0000');
}

/** The times that `query_range` evaluates. */
export function grid(start: number, end: number, step: number): number[] {
  const times: number[] = [];
  for (let time = start; time <= end + 1e-6; time += step) times.push(time);
  return times;
}

/** Aligns bounds to the step, so that live points fall on the grid of the history. */
export function aligned(start: number, end: number, step: number): [number, number] {
  return [Math.floor(start / step) * step, Math.floor(end / step) * step];
}

export type Matrix = { series: MatrixSeries[]; warnings: string[]; infos: string[]; millis: number };

export async function queryRange(
  query: string,
  start: number,
  end: number,
  step: number,
  signal?: AbortSignal,
): Promise<Matrix> {
  const begun = performance.now();
  const answer = await prometheus<QueryData>(
    'query_range',
    { query, start: String(start), end: String(end), step: String(step) },
    signal,
  );
  const series = answer.data.resultType === 'matrix' ? answer.data.result : [];
  return { series, warnings: answer.warnings, infos: answer.infos, millis: performance.now() - begun };
}

/** Spreads the samples of series over the grid; what is missing stays a gap. */
export function toLines(series: MatrixSeries[], times: number[], label = seriesName): Line[] {
  const start = times[0] ?? 0;
  const step = (times[1] ?? start + 1) - start;
  return series.map((one, index) => {
    const values: (number | null)[] = new Array(times.length).fill(null);
    for (const [time, text] of one.values ?? []) {
      const place = Math.round((time - start) / step);
      if (place >= 0 && place < values.length) values[place] = finite(text);
    }
    return { key: keyOf(one.metric), label: label(one.metric), colour: index % COLOURS, values };
  });
}

/** A number that can be drawn; NaN and infinities are gaps. */
export function finite(text: string): number | null {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? value : null;
}

/** Names for the lines of one chart: only what tells them apart, the whole name when there is one line. */
export function shortNames(metrics: Metric[]): (metric: Metric) => string {
  const telling = tellingLabels(metrics);
  if (telling.length === 0) return seriesName;
  return (metric) => seriesName(Object.fromEntries(telling.map((name) => [name, metric[name] ?? ''])));
}

/** What all series have in common, as a selector. */
export function sharedPart(metrics: Metric[]): string {
  const telling = tellingLabels(metrics);
  const first = metrics[0] ?? {};
  return seriesName(Object.fromEntries(Object.entries(first).filter(([name]) => !telling.includes(name))));
}

/** Labels that differ between the series: the ones worth showing. */
export function tellingLabels(metrics: Metric[]): string[] {
  const names = new Set(metrics.flatMap((metric) => Object.keys(metric)));
  return [...names].filter((name) => new Set(metrics.map((metric) => metric[name])).size > 1).sort();
}
