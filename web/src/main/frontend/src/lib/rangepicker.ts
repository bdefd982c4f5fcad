import { h } from './dom';
import { formatDuration, formatTime } from './format';
import { PRESETS, type Range } from './range';
import { t } from './texts';

/** The time range control: presets in one click, two instants when they must be exact. */
export class RangePicker {
  private readonly summary: HTMLElement;
  private readonly details: HTMLDetailsElement;
  private readonly from = h('input', { type: 'datetime-local', step: '1', id: 'range-from' });
  private readonly to = h('input', { type: 'datetime-local', step: '1', id: 'range-to' });
  private readonly presets: HTMLButtonElement[];
  private readonly problem = h('p', { class: 'field-error', role: 'alert' });

  constructor(
    host: HTMLElement,
    private range: Range,
    private readonly onChange: (range: Range) => void,
  ) {
    this.summary = h('span', {});
    this.presets = PRESETS.map((seconds) => {
      const button = h('button', { type: 'button', class: 'preset' }, t('range.last', { span: formatDuration(seconds) }));
      button.addEventListener('click', () => this.choose({ last: seconds }));
      return button;
    });
    const apply = h('button', { type: 'submit', class: 'button' }, t('range.apply'));
    const form = h(
      'form',
      { class: 'range-exact', novalidate: true },
      h('label', { for: 'range-from' }, t('range.from')),
      this.from,
      h('label', { for: 'range-to' }, t('range.to')),
      this.to,
      this.problem,
      apply,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const from = Date.parse(this.from.value) / 1000;
      const to = Date.parse(this.to.value) / 1000;
      if (!(to > from)) {
        this.problem.textContent = t('range.wrong');
        return;
      }
      this.choose({ from, to });
    });
    this.details = h(
      'details',
      { class: 'popover range-picker' },
      h('summary', { class: 'button is-quiet', 'aria-label': t('range.label') }, this.summary),
      h('div', { class: 'popover-body' }, h('div', { class: 'presets' }, ...this.presets), form),
    );
    host.replaceChildren(this.details);
    this.describe();
  }

  set(range: Range): void {
    this.range = range;
    this.describe();
  }

  private choose(range: Range): void {
    this.problem.textContent = '';
    this.details.open = false;
    this.details.querySelector('summary')?.focus();
    this.set(range);
    this.onChange(range);
  }

  private describe(): void {
    const range = this.range;
    const now = Date.now() / 1000;
    const [from, to] = 'last' in range ? [now - range.last, now] : [range.from, range.to];
    this.summary.textContent =
      'last' in range
        ? t('range.last', { span: formatDuration(range.last) })
        : `${formatTime(range.from)} – ${formatTime(range.to)}`;
    this.details
      .querySelector('summary')
      ?.setAttribute('aria-label', `${t('range.label')}: ${this.summary.textContent}`);
    this.from.value = localInput(from);
    this.to.value = localInput(to);
    this.presets.forEach((button, index) => {
      button.setAttribute('aria-pressed', String('last' in range && range.last === PRESETS[index]));
    });
  }
}

function localInput(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
