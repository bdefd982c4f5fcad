import { confirmed } from '../lib/confirm';
import { byId, h } from '../lib/dom';
import { formatTime, formatValue } from '../lib/format';
import { own, prometheus } from '../lib/http';
import { t } from '../lib/texts';

type Deletion = {
  id: number;
  state: 'hidden' | 'undone' | 'erased';
  selectors: string[];
  series: number;
  requestedBy: string;
  requestedAt: string;
  undoUntil: string;
  endedAt?: string;
  erasedSeries: number;
  erasedSamples: number;
  certificate?: string;
};

const DELETIONS = '/api/v1/performance/deletions';

/** Deleting series, with the way back as long as there is one; of tenant administrators only. */
export function initDeletions(): void {
  if (!document.getElementById('deletions')) return;
  byId('delete-form').addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(remove);
  });
  void attempt(list);
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    say(cause instanceof Error ? cause.message : String(cause));
  }
}

async function remove(): Promise<void> {
  const input = byId<HTMLInputElement>('delete-selector');
  const selector = input.value.trim();
  if (selector === '') {
    input.focus();
    return;
  }
  const series = (await prometheus<unknown[]>('series', { 'match[]': selector })).data.length;
  if (series === 0) {
    say(t('deletions.nothing'));
    return;
  }
  if (!(await confirmed(t('deletions.question', { n: formatValue(series, 'number') })))) return;
  await own(`/api/v1/admin/tsdb/delete_series?${new URLSearchParams({ 'match[]': selector })}`, { body: {} });
  input.value = '';
  await list();
  say(t('deletions.done', { n: formatValue(series, 'number') }));
}

async function list(): Promise<void> {
  const deletions = await own<Deletion[]>(DELETIONS);
  if (deletions.length === 0) {
    byId('deletion-list').replaceChildren(h('p', { class: 'hint', id: 'no-deletions' }, t('deletions.none')));
    return;
  }
  const heads = ['selectors', 'series', 'state', 'by', 'do'].map((name) =>
    h('th', { scope: 'col', class: name === 'series' ? 'is-number' : '' }, t(`deletions.${name}`)),
  );
  byId('deletion-list').replaceChildren(
    h(
      'div',
      { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': t('deletions.list') },
      h('table', { class: 'table' }, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...deletions.map(row))),
    ),
  );
}

function row(deletion: Deletion): HTMLElement {
  const what = deletion.selectors.length > 0 ? deletion.selectors.join(' ') : t('deletions.forgotten');
  return h(
    'tr',
    { 'data-state': deletion.state },
    h('td', {}, deletion.selectors.length > 0 ? h('code', {}, what) : what),
    h('td', { class: 'is-number' }, formatValue(deletion.series, 'number')),
    h('td', {}, stateOf(deletion)),
    h('td', {}, `${deletion.requestedBy}, ${at(deletion.requestedAt)}`),
    h('td', {}, action(deletion, what)),
  );
}

function stateOf(deletion: Deletion): string {
  const time = at(deletion.endedAt ?? deletion.undoUntil);
  if (deletion.state === 'hidden') return Date.parse(deletion.undoUntil) > Date.now() ? t('deletions.hidden', { time }) : t('deletions.due');
  return t(`deletions.${deletion.state}`, {
    time,
    series: formatValue(deletion.erasedSeries, 'number'),
    samples: formatValue(deletion.erasedSamples, 'number'),
  });
}

function action(deletion: Deletion, what: string): HTMLElement | null {
  if (deletion.state === 'hidden' && Date.parse(deletion.undoUntil) > Date.now()) {
    const undo = h('button', { type: 'button', class: 'button is-quiet', title: `${t('deletions.undo')} ${what}` }, t('deletions.undo'));
    undo.addEventListener('click', () => {
      void attempt(async () => {
        await own(`${DELETIONS}/${deletion.id}/undo`, { body: {} });
        await list();
        say(t('deletions.back'));
      });
    });
    return undo;
  }
  if (!deletion.certificate) return null;
  const certificate = URL.createObjectURL(new Blob([deletion.certificate], { type: 'application/jose' }));
  return h('a', { href: certificate, download: `erasure-${deletion.id}.jws` }, t('deletions.certificate'));
}

function at(time: string): string {
  return formatTime(Date.parse(time) / 1000);
}

function say(text: string): void {
  byId('delete-status').textContent = text;
}
