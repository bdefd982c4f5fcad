import type { Expectation, Outlook } from './chart';
import { own } from './http';
import { keyOf } from './series';

type Labels = Record<string, string>;

type DetectAnswer = {
  threshold: number;
  series: {
    labels: Labels;
    points: {
      time: string;
      value: number;
      score: number;
      expected?: number | null;
      lower?: number | null;
      upper?: number | null;
    }[];
  }[];
};

type ForecastPoint = {
  time: string;
  median: number;
  lower80: number;
  upper80: number;
  lower95: number;
  upper95: number;
};

type PredictAnswer = { forecasts: { labels: Labels; points: ForecastPoint[] }[] };

/** Shortest horizon that the engine accepts, in seconds. */
const LEAST_HORIZON = 300;

/** The engine refuses to forecast from less; whoever knows that there is less need not ask. */
const LEAST_VALUES = 12;

/** Whether a line is long enough for a forecast. */
export function forecastable(values: (number | null)[] | undefined): boolean {
  return (values ?? []).filter((value) => value !== null).length >= LEAST_VALUES;
}

/** Expected value and band of one series that an expression yields, from the engine that judges it. */
export async function expectationOf(
  query: string,
  key: string | null,
  start: number,
  end: number,
  step: number,
  signal?: AbortSignal,
): Promise<Expectation | null> {
  const answer = await own<DetectAnswer>('/api/v1/performance/detect/anomalies', {
    body: { query, start, end, step },
    ...(signal ? { signal } : {}),
  });
  const points = chosen(answer.series, key)?.points ?? [];
  if (!points.some((point) => point.lower != null && point.upper != null)) return null;
  return {
    times: points.map((point) => seconds(point.time)),
    expected: points.map((point) => point.expected ?? null),
    lower: points.map((point) => point.lower ?? null),
    upper: points.map((point) => point.upper ?? null),
    anomalies: points
      .filter((point) => point.score >= answer.threshold)
      .map((point) => ({ time: seconds(point.time), value: point.value })),
  };
}

/** Where one series that an expression yields goes in the next `horizon` seconds. */
export async function outlookOf(
  query: string,
  key: string | null,
  end: number,
  horizon: number,
  signal?: AbortSignal,
): Promise<Outlook | null> {
  const answer = await own<PredictAnswer>('/api/v1/performance/predict/metrics', {
    body: { query, time: end, horizon: Math.round(Math.max(LEAST_HORIZON, horizon)) },
    ...(signal ? { signal } : {}),
  });
  const points = chosen(answer.forecasts, key)?.points ?? [];
  if (points.length === 0) return null;
  const column = (name: Exclude<keyof ForecastPoint, 'time'>): number[] => points.map((point) => point[name]);
  return {
    times: points.map((point) => seconds(point.time)),
    median: column('median'),
    lower80: column('lower80'),
    upper80: column('upper80'),
    lower95: column('lower95'),
    upper95: column('upper95'),
  };
}

/** An outlook of which nothing lies beyond what is possible. */
export function bounded(outlook: Outlook, most: number): Outlook {
  const cut = (values: number[]): number[] => values.map((value) => Math.min(value, most));
  return {
    times: outlook.times,
    median: cut(outlook.median),
    lower80: cut(outlook.lower80),
    upper80: cut(outlook.upper80),
    lower95: cut(outlook.lower95),
    upper95: cut(outlook.upper95),
  };
}

function chosen<T extends { labels: Labels }>(series: T[], key: string | null): T | undefined {
  return series.find((one) => keyOf(one.labels) === key) ?? series[0];
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}
