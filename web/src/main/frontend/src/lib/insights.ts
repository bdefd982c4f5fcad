import { h } from './dom';
import { formatDuration, formatTime } from './format';
import { own } from './http';
import { t } from './texts';

/** A typed finding with its evidence, as the API tells it. */
export type Insight = {
  id: number;
  kind: string;
  severity: string;
  entity: string;
  title: string;
  summary: string;
  evidence: { rel: string; href: string }[];
  openedAt: string;
  updatedAt: string;
  closedAt?: string | null;
};

/** @property next cursor of the following page, empty on the last one */
export type InsightPage = { items: Insight[]; next: string };

export async function insightPage(filters: Record<string, string>, signal?: AbortSignal): Promise<InsightPage> {
  return own<InsightPage>(`/api/v1/insights?${new URLSearchParams(filters)}`, signal ? { signal } : {});
}

export async function insight(id: string): Promise<Insight> {
  return own<Insight>(`/api/v1/insights/${encodeURIComponent(id)}`);
}

/** Foreign spellings are mapped to the four severities. */
export function level(severity: string): 'info' | 'warning' | 'error' | 'critical' {
  const name = severity.toLowerCase();
  return name === 'critical' || name === 'error' || name === 'warning' ? name : 'info';
}

/** When a finding began and whether it is over. */
export function span(finding: Insight): string {
  const opened = Date.parse(finding.openedAt) / 1000;
  if (!finding.closedAt) return t('insight.since', { time: formatTime(opened) });
  const lasted = Date.parse(finding.closedAt) / 1000 - opened;
  return t('insight.lasted', { time: formatTime(opened), span: formatDuration(lasted) });
}

/** One finding as a line of a list, leading to its page. */
export function insightItem(finding: Insight): HTMLElement {
  const severity = level(finding.severity);
  return h(
    'li',
    { class: 'finding', 'data-level': finding.closedAt ? 'over' : severity },
    h('span', { class: 'finding-mark', 'aria-hidden': 'true' }),
    h(
      'div',
      {},
      h('p', { class: 'finding-title' }, h('a', { href: `/insights/detail?id=${finding.id}` }, finding.title)),
      h(
        'p',
        { class: 'finding-detail' },
        h('span', { class: `severity severity-${severity}` }, t(`severity.${severity}`)),
        ` ${t(`kind.${finding.kind}`)} · ${span(finding)}`,
      ),
    ),
  );
}
