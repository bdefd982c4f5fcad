import { t } from './texts';

/** A refused or failed request, told in the user's words; `detail` is what the server said. */
export class RequestError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly detail: string,
    readonly reference: string | null = null,
  ) {
    super(message);
  }
}

/** Labels of a series, `__name__` included. */
export type Metric = Record<string, string>;
/** Unix seconds and the value as Prometheus writes it. */
export type Point = [number, string];
export type MatrixSeries = { metric: Metric; values?: Point[]; histograms?: unknown[] };
export type VectorSample = { metric: Metric; value?: Point; histogram?: unknown };
export type QueryData =
  | { resultType: 'matrix'; result: MatrixSeries[] }
  | { resultType: 'vector'; result: VectorSample[] }
  | { resultType: 'scalar' | 'string'; result: Point };

export type Answer<T> = { data: T; warnings: string[]; infos: string[] };

/** A call of the Prometheus-shaped API. */
export async function prometheus<T>(
  path: string,
  parameters: Record<string, string | string[]>,
  signal?: AbortSignal,
): Promise<Answer<T>> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, one);
  }
  const response = await send(`/api/v1/${path}?${query}`, signal ? { signal } : {});
  const body = await json(response);
  if (!response.ok || body['status'] !== 'success') throw failure(response, body);
  return {
    data: body['data'] as T,
    warnings: (body['warnings'] as string[] | undefined) ?? [],
    infos: (body['infos'] as string[] | undefined) ?? [],
  };
}

/** A call of our own API: JSON in, JSON out, problem+json on failure. With a version, the body replaces what has it. */
export async function own<T>(
  path: string,
  request: { body?: unknown; version?: number; signal?: AbortSignal } = {},
): Promise<T> {
  const init: RequestInit = request.signal ? { signal: request.signal } : {};
  if (request.body !== undefined) {
    init.method = 'POST';
    init.headers = { 'Content-Type': 'application/json' };
    init.body = JSON.stringify(request.body);
    if (request.version !== undefined) {
      init.method = 'PUT';
      init.headers = { ...init.headers, 'If-Match': `"${request.version}"` };
    }
  }
  const response = await send(path, init);
  const body = await json(response);
  if (!response.ok) throw failure(response, body);
  return body as T;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, {
      ...init,
      credentials: 'same-origin',
      headers: { Accept: 'application/json', 'X-Requested-With': 'auspex-portal', ...init.headers },
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new RequestError(t('error.offline'), 0, String(cause));
  }
}

async function json(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  try {
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  } catch {
    return { detail: text.startsWith('<') ? '' : text.slice(0, 300) };
  }
}

function failure(response: Response, body: Record<string, unknown>): RequestError {
  const detail = String(body['error'] ?? body['detail'] ?? body['title'] ?? response.statusText);
  const reference = typeof body['instance'] === 'string' ? body['instance'] : response.headers.get('X-Correlation-ID');
  return new RequestError(inUserWords(response.status, detail), response.status, detail, reference);
}

function inUserWords(status: number, detail: string): string {
  switch (status) {
    case 401:
      return t('error.signedOut');
    case 403:
      return t('error.forbidden');
    case 404:
      return t('error.notFound');
    case 429:
      return t('error.tooMany');
    case 503:
      return /time|timed out/i.test(detail) ? t('error.timeout') : t('error.unavailable');
    default:
      return status >= 500 ? t('error.server') : detail;
  }
}

export function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'AbortError';
}
