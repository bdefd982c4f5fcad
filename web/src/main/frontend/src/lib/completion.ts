import type { PrometheusClient } from '@prometheus-io/codemirror-promql';
import type { Matcher } from '@prometheus-io/codemirror-promql/dist/esm/types';
import { prometheus, type Metric } from './http';

const KEPT = 60_000;

/** What the completion of the PromQL box asks for, through our own API; answers are kept for a minute. */
export class CompletionClient implements PrometheusClient {
  private readonly kept = new Map<string, { until: number; value: Promise<unknown> }>();

  labelNames(metricName?: string): Promise<string[]> {
    return this.ask<string[]>('labels', metricName ? { 'match[]': metricName } : {}, []);
  }

  labelValues(labelName: string, metricName?: string, matchers?: Matcher[]): Promise<string[]> {
    const selector = select(metricName, matchers, labelName);
    return this.ask<string[]>(
      `label/${encodeURIComponent(labelName)}/values`,
      selector === '' ? {} : { 'match[]': selector },
      [],
    );
  }

  series(metricName: string, matchers?: Matcher[], labelName?: string): Promise<Map<string, string>[]> {
    return this.ask<Metric[]>('series', { 'match[]': select(metricName, matchers, labelName) }, []).then((found) =>
      found.map((metric) => new Map(Object.entries(metric))),
    );
  }

  metricNames(): Promise<string[]> {
    return this.labelValues('__name__');
  }

  metricMetadata(): Promise<Record<string, never>> {
    return Promise.resolve({});
  }

  flags(): Promise<Record<string, string>> {
    return Promise.resolve({});
  }

  /** A completion that fails offers nothing; the query itself will say what is wrong. */
  private ask<T>(path: string, parameters: Record<string, string>, otherwise: T): Promise<T> {
    const hour = { ...parameters, start: String(Math.floor(Date.now() / 60_000) * 60 - 6 * 3600) };
    const key = path + JSON.stringify(parameters);
    const known = this.kept.get(key);
    if (known && known.until > Date.now()) return known.value as Promise<T>;
    const value = prometheus<T>(path, hour).then(
      (answer) => answer.data,
      () => otherwise,
    );
    this.kept.set(key, { until: Date.now() + KEPT, value });
    return value;
  }
}

function select(metricName = '', matchers: Matcher[] = [], without = ''): string {
  const filters = matchers
    .filter((matcher) => matcher.name !== without && !matcher.matchesEmpty())
    .map((matcher) => `${matcher.name}${matcher.type}${JSON.stringify(matcher.value)}`);
  return filters.length === 0 ? metricName : `${metricName}{${filters.join(',')}}`;
}
