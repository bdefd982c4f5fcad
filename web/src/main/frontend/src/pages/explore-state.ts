import { readRange, writeRange, type Range } from '../lib/range';

/** How an answer is looked at, in the order of the tabs. */
export const VIEWS = ['graph', 'table', 'explain'] as const;
export type View = (typeof VIEWS)[number];

/** What the address of the explorer says: everything needed to see the same picture again. */
export type ExploreState = {
  query: string;
  range: Range;
  view: View;
  /** Seconds between re-evaluations; 0 is off, -1 is by push. */
  refresh: number;
  band: boolean;
  forecast: boolean;
};

export const LIVE = -1;
const REFRESHES = [LIVE, 0, 5, 15, 60];

export function readState(search: string): ExploreState {
  const parameters = new URLSearchParams(search);
  const refresh = parameters.get('refresh') === 'live' ? LIVE : Number(parameters.get('refresh') ?? LIVE);
  return {
    query: parameters.get('q') ?? '',
    range: readRange(parameters, { last: 3600 }),
    view: VIEWS.find((view) => view === parameters.get('view')) ?? 'graph',
    refresh: REFRESHES.includes(refresh) ? refresh : LIVE,
    band: parameters.get('band') === '1',
    forecast: parameters.get('forecast') === '1',
  };
}

export function writeState(state: ExploreState): string {
  const parameters = new URLSearchParams();
  if (state.query !== '') parameters.set('q', state.query);
  writeRange(parameters, state.range);
  if (state.view !== 'graph') parameters.set('view', state.view);
  if (state.refresh !== LIVE) parameters.set('refresh', String(state.refresh));
  if (state.band) parameters.set('band', '1');
  if (state.forecast) parameters.set('forecast', '1');
  return `?${parameters}`;
}
