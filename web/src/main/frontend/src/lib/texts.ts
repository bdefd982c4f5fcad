/** Texts of the page's language, handed over by the page frame (message bundle keys that begin with `js.`). */
const texts: Record<string, string> = JSON.parse(
  document.getElementById('page-texts')?.dataset['texts'] ?? '{}',
);

/** The text of a key with `{name}` places filled in; the key itself when the bundle lacks it. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
