import { parseDuration, promDuration } from './format';

/** A time range of a page: either the last N seconds, or two fixed instants in Unix seconds. */
export type Range = { last: number } | { from: number; to: number };

export type Bounds = { start: number; end: number };

export const PRESETS = [300, 900, 3600, 6 * 3600, 86400, 7 * 86400, 30 * 86400] as const;

/** Upper limit of the API is 11 000 points; a chart needs far fewer. */
const POINTS = 240;
/** Steps people expect on an axis, in seconds. */
const STEPS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];

export function bounds(range: Range, now: number): Bounds {
  return 'last' in range ? { start: now - range.last, end: now } : { start: range.from, end: range.to };
}

export function width(range: Range): number {
  return 'last' in range ? range.last : range.to - range.from;
}

/** The step that draws a range with about 240 points, never finer than the usual 15 s of scrapes. */
export function stepFor(range: Range, finest = 15): number {
  const wanted = Math.max(finest, width(range) / POINTS);
  return STEPS.find((step) => step >= wanted) ?? 86400;
}

/** Reads a range from page parameters; the fallback when they say nothing sensible. */
export function readRange(parameters: URLSearchParams, fallback: Range): Range {
  const from = Number(parameters.get('from'));
  const to = Number(parameters.get('to'));
  if (from > 0 && to > from) return { from, to };
  const last = parseDuration(parameters.get('range') ?? '');
  return last ? { last } : fallback;
}

export function writeRange(parameters: URLSearchParams, range: Range): void {
  if ('last' in range) {
    parameters.set('range', promDuration(range.last));
  } else {
    parameters.set('from', String(Math.round(range.from)));
    parameters.set('to', String(Math.round(range.to)));
  }
}
