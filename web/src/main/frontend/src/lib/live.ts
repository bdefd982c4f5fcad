import { prometheus, type Metric } from './http';

/** One evaluated instant of the queries that a page subscribed to. */
export type LivePoints = {
  /** Unix seconds, on the grid of the step. */
  time: number;
  results: { query: number; series: { metric: Metric; value: string }[] }[];
};

export type LiveState = 'connecting' | 'live' | 'lost';

export type LiveListener = {
  points?: (points: LivePoints) => void;
  insight?: (insight: Record<string, unknown>) => void;
  /** The server could not resume without a gap; what is shown must be read again. */
  reset?: () => void;
  state?: (state: LiveState) => void;
};

/**
 * A subscription to pushed points and insights. The browser reconnects by itself and sends the id of the last event,
 * so the stream goes on where it broke.
 */
export class LiveStream {
  private source: EventSource | null = null;
  private retry = 0;

  constructor(private readonly listener: LiveListener) {}

  /** Starts over with these queries; `since` is the last instant that the page already shows. */
  open(queries: string[], step: number, since?: number): void {
    this.close();
    const parameters = new URLSearchParams({ step: String(step) });
    for (const query of queries) parameters.append('query', query);
    if (since !== undefined) parameters.set('since', String(since));
    const source = new EventSource(`/api/v1/live/sse?${parameters}`);
    this.source = source;
    this.listener.state?.('connecting');
    source.addEventListener('open', () => this.listener.state?.('live'));
    source.addEventListener('error', () => {
      this.listener.state?.('lost');
      // a refused stream is closed for good by the browser; ask again, less and less often
      if (source.readyState === EventSource.CLOSED && this.source === source) {
        this.retry = window.setTimeout(() => this.reopen(queries, step), 15_000);
      }
    });
    source.addEventListener('points', (event) => this.listener.points?.(JSON.parse(event.data) as LivePoints));
    source.addEventListener('insight', (event) => this.listener.insight?.(JSON.parse(event.data)));
    source.addEventListener('reset', () => this.listener.reset?.());
  }

  close(): void {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }

  private async reopen(queries: string[], step: number): Promise<void> {
    try {
      await prometheus('query', { query: '1' });
      this.listener.reset?.();
      this.open(queries, step);
    } catch {
      this.retry = window.setTimeout(() => this.reopen(queries, step), 30_000);
    }
  }
}
