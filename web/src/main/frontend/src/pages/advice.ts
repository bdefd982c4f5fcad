import { h } from '../lib/dom';
import { formatTime, formatValue } from '../lib/format';
import { isAbort, own } from '../lib/http';
import { t } from '../lib/texts';

type Cost = { samples: number; resultSeries: number; seconds: number };
type Hint = { kind: string; text: string; gain: number; check: string; checked?: Cost };
type Advice = { hints: Hint[]; resultSeries: number; actual?: { samples: number; seconds: number } };
type Given = Hint & { query: string; lastAt: string; times: number; actual?: Cost };

const ADVISE = '/api/v1/performance/query/advise';
const HISTORY = '/api/v1/performance/query/advice?limit=20';

/** How a query would cost less, checked by a dry run on request, and what was advised before; of analysts only. */
export class AdviceView {
  constructor(private readonly host: HTMLElement) {}

  async show(body: { query: string; start: number; end: number; step: number }, signal: AbortSignal): Promise<void> {
    this.host.replaceChildren();
    try {
      const [advice, given] = await Promise.all([own<Advice>(ADVISE, { body, signal }), own<Given[]>(HISTORY, { signal })]);
      this.render(body, advice, given);
    } catch (cause) {
      if (!isAbort(cause)) this.host.replaceChildren(h('p', { class: 'hint' }, cause instanceof Error ? cause.message : String(cause)));
    }
  }

  private render(body: object, advice: Advice, given: Given[]): void {
    const check = h('button', { type: 'button', class: 'button is-quiet' }, t('advice.check'));
    check.addEventListener('click', async () => {
      check.disabled = true;
      try {
        this.render(body, await own<Advice>(ADVISE, { body: { ...body, dryRun: true } }), await own<Given[]>(HISTORY));
      } catch (cause) {
        check.replaceWith(h('span', { class: 'hint', role: 'alert' }, cause instanceof Error ? cause.message : String(cause)));
      }
    });
    const checkable = advice.hints.some((hint) => hint.check !== '') && !advice.actual;
    this.host.replaceChildren(
      h('h2', {}, t('advice.title')),
      advice.hints.length > 0
        ? h('ul', { class: 'advice' }, ...advice.hints.map((hint) => item(hint, advice.actual?.samples)))
        : h('p', { class: 'hint', id: 'no-advice' }, t('advice.none')),
      ...(checkable ? [check] : []),
      ...(given.length > 0 ? [history(given)] : []),
    );
  }
}

function history(given: Given[]): HTMLElement {
  return h(
    'details',
    { id: 'advice-history' },
    h('summary', {}, t('advice.history', { n: given.length })),
    h('ul', { class: 'advice' }, ...given.map((one) => item(one, one.actual?.samples, one))),
  );
}

function item(hint: Hint, samples: number | undefined, given?: Given): HTMLElement {
  return h(
    'li',
    {},
    given && h('code', {}, given.query),
    given && h('span', { class: 'hint' }, ` ${t('advice.given', { n: given.times, time: formatTime(Date.parse(given.lastAt) / 1000) })}`),
    h('p', {}, h('strong', {}, t(`advice.${hint.kind}`)), ` ${hint.text}`),
    h(
      'p',
      { class: 'hint' },
      h('meter', { min: 0, max: 1, value: hint.gain, 'aria-hidden': 'true' }),
      ` ${t('advice.gain', { share: formatValue(hint.gain, 'ratio') })}`,
      hint.checked && samples !== undefined
        ? ` ${t('advice.checked', {
            before: formatValue(samples, 'number'),
            after: formatValue(hint.checked.samples, 'number'),
            series: formatValue(hint.checked.resultSeries, 'number'),
          })}`
        : '',
    ),
    hint.check !== '' && h('p', { class: 'hint' }, `${t('advice.by')} `, h('code', {}, hint.check)),
  );
}
