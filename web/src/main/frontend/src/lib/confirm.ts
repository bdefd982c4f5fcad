import { h } from './dom';
import { t } from './texts';

/** Asks before something is done that is hard to take back; no is what Enter and Escape say. */
export function confirmed(question: string): Promise<boolean> {
  const ok = h('button', { type: 'button', class: 'button is-danger' }, t('confirm.ok'));
  const cancel = h('button', { type: 'button', class: 'button is-quiet', autofocus: true }, t('confirm.cancel'));
  const dialog = h(
    'dialog',
    { class: 'confirm', 'aria-labelledby': 'confirm-question' },
    h('p', { id: 'confirm-question' }, question),
    h('div', { class: 'row-actions' }, cancel, ok),
  );
  return new Promise((answer) => {
    let sure = false;
    ok.addEventListener('click', () => {
      sure = true;
      dialog.close();
    });
    cancel.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      answer(sure);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
