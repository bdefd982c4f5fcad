// Bundles the browser code into webapp/resources/auspex and records what it was made from.
// `./dev vendor` runs it; PortalBundleTest compares the record with sources and bundle.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, copyFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../webapp/resources/auspex');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const bundle = await build({
  absWorkingDir: here,
  entryPoints: ['src/app.ts', 'src/pages/overview.ts', 'src/pages/explore.ts', 'src/pages/insights.ts', 'src/pages/insight.ts', 'src/pages/storage.ts'],
  entryNames: '[name]',
  chunkNames: 'shared-[hash]',
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
// before the first paint, so a classic script without imports
await build({ absWorkingDir: here, entryPoints: ['src/theme.ts'], outdir: out, minify: true, format: 'iife', logLevel: 'warning' });

const css = readFileSync(join(here, 'css/auspex.css'), 'utf8');
const dark = /:root\[data-theme='dark'\] \{([^}]*)\}/.exec(css)[1];
const bySystem = `@media (prefers-color-scheme: dark) { :root:not([data-theme='light']) {${dark}} }`;
const sheet = css.replace(/\/\* DARK-BY-SYSTEM:[^*]*\*\//, bySystem);
const uplotCss = readFileSync(join(here, 'node_modules/uplot/dist/uPlot.min.css'), 'utf8');
const minified = await build({ stdin: { contents: `${uplotCss}\n${sheet}`, loader: 'css' }, minify: true, write: false, target: 'es2022' });
writeFileSync(join(out, 'auspex.css'), minified.outputFiles[0].text);
copyFileSync(join(here, 'icons.svg'), join(out, 'icons.svg'));
copyFileSync(join(here, 'mark.svg'), join(out, 'mark.svg'));
writeFileSync(join(out, 'LICENSES.txt'), licences(bundle.metafile));
writeFileSync(join(out, 'bundle.sha256'), record());

/** Licences of every package of which code is in the bundle. */
function licences(metafile) {
  const used = new Set(
    Object.keys(metafile.inputs)
      .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
      .filter(Boolean),
  );
  return [...used]
    .sort()
    .map((name) => {
      const folder = join(here, 'node_modules', name);
      const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[sc]e/i.test(entry));
      const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `(licence by package.json: ${about.license})`;
      return `${name} ${about.version} (${about.license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(72)}\n\n`);
}

/** One line per file, `sha256  path` relative to src/main: every source, then every file of the bundle. */
function record() {
  const main = join(here, '..');
  const sources = ['package.json', 'package-lock.json', 'tsconfig.json', 'build.mjs', 'icons.svg', 'mark.svg']
    .map((name) => join(here, name))
    .concat(files(join(here, 'src')), files(join(here, 'css')));
  const made = files(out).filter((path) => !path.endsWith('bundle.sha256'));
  return [...sources, ...made]
    .map((path) => `${createHash('sha256').update(readFileSync(path)).digest('hex')}  ${relative(main, path)}\n`)
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1))
    .join('');
}

function files(folder) {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? files(path) : [path]));
}
