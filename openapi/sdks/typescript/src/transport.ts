import { Consistency, CONSISTENCY_TOKEN } from './consistency.js';
import { KEYED_PATHS } from './generated/tables.js';
import { ProblemError, UnreachableError } from './problem.js';
import { Attempts, type Failure, failureOfRefusal, isRepeatable, pause, type RetryOptions } from './retry.js';

/** Errors of connections that were never made: nothing was sent. */
const NOT_CONNECTED = [
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT',
];

/** Statuses whose answers have no body. */
const BODILESS = [204, 205, 304];

/**
 * Nobody is to be told the token but who is at the address. And the token alone tells who is asking: with its cookie, a browser
 * would have all clients of a page be whoever signed in last.
 */
export const ALONE = { redirect: 'manual', credentials: 'omit' } as const;

/** What clients with different tokens have in common. */
export class Shared {
  readonly consistency = new Consistency();
  readonly #urls: readonly string[];
  #current = 0;

  constructor(baseUrl: string | readonly string[], readonly retry: RetryOptions, readonly fetch: typeof globalThis.fetch) {
    const urls = typeof baseUrl === 'string' ? [baseUrl] : baseUrl;
    if (urls.length === 0) throw new TypeError('a base URL is needed');
    this.#urls = urls.map((url) => {
      const { protocol, search, hash, href } = new URL(url);
      if (!['http:', 'https:'].includes(protocol) || search || hash) throw new TypeError(`${url} is no base URL`);
      // As requests have it, too: in lower case, and without a port that goes without saying.
      return href.replace(/\/+$/, '');
    });
  }

  /** The first base URL, which requests are made for before it is known which one is asked. */
  get first(): string {
    return this.#urls[0]!;
  }

  /** How many base URLs there are. */
  get count(): number {
    return this.#urls.length;
  }

  /** The place of the base URL to ask: the last one that was not unreachable. */
  get place(): number {
    return this.#current;
  }

  /** Goes on at the next base URL, unless somebody else has done so since. */
  leave(place: number): void {
    if (this.#current === place) this.#current = (place + 1) % this.#urls.length;
  }

  /** A path, with its query, at a base URL. */
  url(place: number, pathAndQuery: string): string {
    return this.#urls[place]! + pathAndQuery;
  }
}

/** Sends requests: to whom, with what, and how often. */
export class Transport {
  constructor(readonly shared: Shared, readonly token: string | undefined) {}

  /** Adds who is asking, and how much they have seen. */
  sign(headers: Headers): void {
    if (this.token !== undefined) headers.set('authorization', `Bearer ${this.token}`);
    const seen = this.shared.consistency.current();
    if (seen !== undefined) headers.set(CONSISTENCY_TOKEN, seen);
  }

  /** Sends a request until it is answered for good; throws what the service refuses. The answer has arrived whole. */
  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const { shared } = this;
    const request = new Request(input, init);
    const path = request.url.startsWith(shared.first) ? request.url.slice(shared.first.length) : request.url;
    const body = request.body === null ? undefined : await request.arrayBuffer();
    const headers = new Headers(request.headers);
    const hasKey = giveKey(request.method, new URL(request.url).pathname, headers);
    if ((headers.get('accept') ?? '*/*') === '*/*') headers.set('accept', 'application/json, application/problem+json');
    const attempts = new Attempts(shared.retry, isRepeatable(request.method, hasKey));
    for (;;) {
      const place = shared.place;
      this.sign(headers);
      let error: unknown;
      let failure: Failure;
      let askedMs: number | undefined;
      let unreachable = true;
      try {
        const init = { method: request.method, headers, body };
        const response = await this.#once(shared.url(place, path), init, request.signal, attempts.timeoutMs);
        if (response.ok) return response;
        const problem = await ProblemError.of(response);
        error = problem;
        failure = failureOfRefusal(problem.status, problem.type);
        askedMs = problem.retryAfter === undefined ? undefined : problem.retryAfter * 1_000;
        unreachable = problem.status >= 502 && problem.status <= 504;
      } catch (thrown) {
        if (request.signal.aborted) throw request.signal.reason;
        error = new UnreachableError(thrown);
        failure = isNotConnected(thrown) ? 'nothing-happened' : 'unknown';
      }
      const elsewhere = unreachable && attempts.made + 1 < shared.count;
      if (unreachable) shared.leave(place);
      const wait = attempts.failed(failure, askedMs, elsewhere);
      if (wait === undefined) throw error;
      await pause(wait, request.signal);
    }
  };

  /** One attempt. Its body is taken as well: a replica may die in the middle of an answer. */
  async #once(url: string, init: RequestInit, signal: AbortSignal, timeoutMs: number): Promise<Response> {
    const waitsMs = Number(new URL(url).searchParams.get('wait') ?? 0) * 1_000;
    const timeout = AbortSignal.timeout(timeoutMs + (Number.isFinite(waitsMs) ? waitsMs : 0));
    const response = await this.shared.fetch(url, {
      ...init,
      signal: AbortSignal.any([signal, timeout]),
      ...ALONE,
    });
    const bytes = await response.arrayBuffer();
    this.shared.consistency.take(response.headers);
    const { status, statusText, headers } = response;
    // What a browser does not show has status 0.
    return new Response(BODILESS.includes(status) ? null : bytes, { status: status || 502, statusText, headers });
  }
}

/** Gives a request that takes an idempotency key one of its own, unless it has one; says whether it has one then. */
function giveKey(method: string, path: string, headers: Headers): boolean {
  if (method !== 'POST' || !KEYED_PATHS.some((keyed) => keyed.test(path))) return false;
  if (!headers.has('idempotency-key')) headers.set('idempotency-key', newKey());
  return true;
}

/** What nobody else has. Browsers have `randomUUID` only where pages come over TLS. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether an error says that no connection was made. What it is caused by knows. */
function isNotConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { cause } = error as { cause?: { code?: string; errors?: { code?: string }[] } };
  const codes = [cause?.code, ...(cause?.errors ?? []).map((each) => each.code)].filter((code) => code !== undefined);
  return codes.length > 0 && codes.every((code) => NOT_CONNECTED.includes(code));
}
