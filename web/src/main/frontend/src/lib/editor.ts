import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, highlightSpecialChars, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { CompletionClient } from './completion';

const highlighting = HighlightStyle.define([
  { tag: tags.name, color: 'var(--code-name)' },
  { tag: [tags.labelName, tags.propertyName], color: 'var(--code-label)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: [tags.number, tags.literal], color: 'var(--code-number)' },
  { tag: [tags.function(tags.variableName), tags.standard(tags.name)], color: 'var(--code-function)' },
  { tag: [tags.modifier, tags.keyword, tags.operatorKeyword], color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: tags.operator, color: 'var(--code-operator)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--critical)' },
]);

const look = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'transparent', fontSize: '0.9375rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { padding: '0.55rem 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 0.75rem' },
  '.cm-placeholder': { color: 'var(--muted)' },
  '&.cm-focused .cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, ::selection': {
    backgroundColor: 'var(--selection)',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--accent-faint)', color: 'inherit' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
    borderRadius: '8px',
    boxShadow: 'var(--shadow)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '16rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.2rem 0.6rem' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail': { color: 'var(--on-accent)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal', marginLeft: '1em' },
  '.cm-completionInfo': { padding: '0.5rem 0.75rem', maxWidth: '22rem' },
  '.cm-completionIcon': { display: 'none' },
  '.cm-diagnostic': { padding: '0.4rem 0.6rem' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--critical)',
    textUnderlineOffset: '3px',
  },
});

export type EditorOptions = {
  label: string;
  describedBy: string;
  hint: string;
  text: string;
  onRun: () => void;
  onChange: (text: string) => void;
};

/** The PromQL box: completion and lint against our own API, Enter runs, Shift+Enter breaks the line. */
export class QueryEditor {
  private readonly view: EditorView;

  constructor(host: HTMLElement, options: EditorOptions) {
    // Inside a shadow root the editor's style sheets are constructed objects, which a strict content policy allows;
    // in the document they would be inline style elements, which it does not.
    const root = host.attachShadow({ mode: 'open' });
    const mount = document.createElement('div');
    root.append(mount);
    const language = new PromQLExtension().setComplete({ remote: new CompletionClient() });
    this.view = new EditorView({
      root,
      parent: mount,
      state: EditorState.create({
        doc: options.text,
        extensions: [
          highlightSpecialChars(),
          history(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false }),
          syntaxHighlighting(highlighting),
          language.asExtension(),
          placeholder(options.hint),
          look,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': options.label, 'aria-describedby': options.describedBy }),
          keymap.of([
            ...closeBracketsKeymap,
            ...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter' && binding.key !== 'Enter'),
            ...historyKeymap,
            ...completionKeymap,
            ...lintKeymap,
          ]),
          // behind the completion's own Enter, before everything else
          Prec.high(
            keymap.of([
              { key: 'Mod-Enter', run: () => run() },
              { key: 'Shift-Enter', run: (view) => (view.dispatch(view.state.replaceSelection('\n')), true) },
            ]),
          ),
          keymap.of([{ key: 'Enter', run: () => run() }]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) options.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    const run = (): boolean => {
      options.onRun();
      return true;
    };
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(text: string) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  focus(): void {
    this.view.focus();
    this.view.dispatch({ selection: { anchor: this.view.state.doc.length } });
  }

  /** Marks where the server found the query wrong; lines and columns count from 1. */
  mark(message: string, line: number, column: number): void {
    const document = this.view.state.doc;
    if (line < 1 || line > document.lines) return;
    const at = Math.min(document.line(line).from + column - 1, document.length);
    const word = this.view.state.wordAt(at);
    const from = word?.from ?? Math.max(0, Math.min(at, document.length - 1));
    const to = word?.to ?? Math.min(document.length, from + 1);
    this.view.dispatch(setDiagnostics(this.view.state, [{ from, to, severity: 'error', message }]));
  }
}
