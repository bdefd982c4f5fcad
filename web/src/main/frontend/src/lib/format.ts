/** How the values of a series are read by people. */
export type Unit = 'number' | 'bytes' | 'bytes/s' | 'percent' | 'ratio' | 'seconds' | 'per second';

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const DECIMAL = ['', 'k', 'M', 'G', 'T', 'P'];

/** A value with its unit, three significant digits. */
export function formatValue(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return '–';
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '−Inf';
  switch (unit) {
    case 'bytes':
      return scaled(value, 1024, BINARY, ' ');
    case 'bytes/s':
      return `${scaled(value, 1024, BINARY, ' ')}/s`;
    case 'percent':
      return `${digits(value)} %`;
    case 'ratio':
      return `${digits(value * 100)} %`;
    case 'seconds':
      return formatSeconds(value);
    case 'per second':
      return `${scaled(value, 1000, DECIMAL, '')}/s`;
    case 'number':
      return scaled(value, 1000, DECIMAL, '');
  }
}

function scaled(value: number, base: number, prefixes: string[], gap: string): string {
  const sign = value < 0 ? '−' : '';
  let rest = Math.abs(value);
  let step = 0;
  while (rest >= base * 0.9995 && step < prefixes.length - 1) {
    rest /= base;
    step++;
  }
  const prefix = prefixes[step] ?? '';
  return `${sign}${digits(rest)}${prefix === '' ? '' : gap}${prefix}`;
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001) return value.toExponential(1);
  const fraction = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return String(Number(value.toFixed(fraction))).replace('-', '−');
}

function formatSeconds(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0 s';
  if (size < 0.001) return `${digits(value * 1e6)} µs`;
  if (size < 1) return `${digits(value * 1e3)} ms`;
  if (size < 120) return `${digits(value)} s`;
  return formatDuration(value);
}

/** A span as people say it: `3 d 4 h`, `12 min`. */
export function formatDuration(seconds: number): string {
  const total = Math.round(Math.abs(seconds));
  const days = Math.floor(total / 86400);
  const hours = Math.floor((total % 86400) / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  if (days > 13) return `${days} d`;
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 && hours < 10 ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes > 0) return `${minutes} min`;
  return `${total} s`;
}

/** A Prometheus duration in its shortest form: `15s`, `1h30m`. */
export function promDuration(seconds: number): string {
  let rest = Math.max(1, Math.round(seconds));
  let text = '';
  for (const [name, size] of [['d', 86400], ['h', 3600], ['m', 60], ['s', 1]] as const) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${name}`;
    rest -= count * size;
  }
  return text;
}

/** Seconds of a Prometheus duration; null when it is not one. */
export function parseDuration(text: string): number | null {
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text.trim());
  if (!match || match[0] === '') return null;
  const [, d, hours, m, s] = match;
  const total = Number(d ?? 0) * 86400 + Number(hours ?? 0) * 3600 + Number(m ?? 0) * 60 + Number(s ?? 0);
  return total > 0 ? total : null;
}

/** A guess of the unit from an expression, by the naming rules of Prometheus. */
export function unitOf(expression: string): Unit {
  const rate = /\b(rate|irate|deriv)\s*\(/.test(expression);
  if (/^\s*100\s*\*|\*\s*100\s*$/.test(expression)) return 'percent';
  if (/_bytes(_total)?\b/.test(expression) && !/\//.test(expression)) return rate ? 'bytes/s' : 'bytes';
  if (/_ratio\b/.test(expression)) return 'ratio';
  if (/_seconds\b/.test(expression) && !/_seconds_(total|count|bucket)\b/.test(expression) && !rate) return 'seconds';
  if (/histogram_quantile\s*\(.*_seconds/.test(expression)) return 'seconds';
  if (rate && /_total\b|_count\b/.test(expression) && !/_seconds_total\b/.test(expression) && !/\//.test(expression)) {
    return 'per second';
  }
  return 'number';
}

const DAY_MONTH = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const DAY_MONTH_YEAR = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const HOUR_MINUTE = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** Local time of Unix seconds; with the day when it is not today, with the year when it is not this year. */
export function formatTime(seconds: number, withSeconds = false): string {
  const date = new Date(seconds * 1000);
  const clock = (withSeconds ? CLOCK : HOUR_MINUTE).format(date);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return clock;
  const day = date.getFullYear() === now.getFullYear() ? DAY_MONTH : DAY_MONTH_YEAR;
  return `${day.format(date)}, ${clock}`;
}

/** A series as PromQL writes it: `up{instance="a"}`. */
export function seriesName(metric: Record<string, string>): string {
  const labels = Object.entries(metric)
    .filter(([name]) => name !== '__name__')
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const name = metric['__name__'] ?? '';
  return labels.length === 0 && name !== '' ? name : `${name}{${labels.join(', ')}}`;
}
