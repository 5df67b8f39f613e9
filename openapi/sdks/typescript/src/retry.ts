/** Bounds of trying again. */
export interface RetryOptions {
  /** How often a request is sent at most. 1 for never again. Default: 10. */
  maxAttempts: number;
  /**
   * How long a call takes at most, all attempts and pauses together; the last attempt has a second in any case. An operation that
   * waits for events has as long besides as it waits. Default: 60 000 ms.
   */
  totalTimeMs: number;
  /** How long one attempt may take. Default: 30 000 ms. */
  attemptTimeoutMs: number;
  /** How long the first pause is at most; each following one may be twice as long. Default: 100 ms. */
  firstPauseMs: number;
  /** How long a pause is at most that the service did not ask for. Default: 5 000 ms. */
  longestPauseMs: number;
}

export const DEFAULT_RETRY: RetryOptions = {
  maxAttempts: 10,
  totalTimeMs: 60_000,
  attemptTimeoutMs: 30_000,
  firstPauseMs: 100,
  longestPauseMs: 5_000,
};

/**
 * What is known of an attempt that did not succeed: surely nothing has happened, it may have happened, or that is the answer
 * and asking again would not change it.
 */
export type Failure = 'nothing-happened' | 'unknown' | 'final';

/** Problems with status 503 that say that nothing happened. */
const NOTHING_HAPPENED = ['/problems/replica-behind', '/problems/no-leader', '/problems/sales-held'];
/** The first request under the same key is still under way. */
const KEY_IN_PROGRESS = '/problems/key-in-progress';

/** What a refusal means, by its status and the type of its problem. */
export function failureOfRefusal(status: number, type: string): Failure {
  if (status === 429) return 'nothing-happened';
  if (status === 503 && NOTHING_HAPPENED.includes(type)) return 'nothing-happened';
  if (status === 409 && type === KEY_IN_PROGRESS) return 'unknown';
  if (status >= 502 && status <= 504) return 'unknown';
  return 'final';
}

/** Whether a request that may have happened may be sent again. */
export function isRepeatable(method: string, hasKey: boolean): boolean {
  return hasKey || ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].includes(method);
}

/** A pause of at most so long. Half of it is chance, so that clients that failed together do not come back together. */
export function jittered(longestMs: number): number {
  return longestMs * (0.5 + Math.random() / 2);
}

/** The longest of pauses that double, after this many failures. */
export function growing(firstMs: number, longestMs: number, failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 16));
}

/** What an attempt has at least, so that it is not given up before it could be answered. */
const SHORTEST_ATTEMPT_MS = 1_000;

/** The attempts of one call. */
export class Attempts {
  readonly #options: RetryOptions;
  readonly #repeatable: boolean;
  readonly #began = performance.now();
  #made = 0;

  constructor(options: RetryOptions, repeatable: boolean) {
    this.#options = options;
    this.#repeatable = repeatable;
  }

  /** How often the request was sent. */
  get made(): number {
    return this.#made;
  }

  /** How long the next attempt may take, in ms, of an operation that does not wait. */
  get timeoutMs(): number {
    const left = Math.max(this.#options.totalTimeMs - (performance.now() - this.#began), SHORTEST_ATTEMPT_MS);
    return Math.min(left, this.#options.attemptTimeoutMs);
  }

  /**
   * How long to wait before the next attempt, in ms; undefined if there is to be none.
   *
   * @param askedMs what the service wants to be left alone for
   * @param elsewhere whether there is somebody else to ask who was not asked yet
   */
  failed(failure: Failure, askedMs: number | undefined, elsewhere: boolean): number | undefined {
    this.#made += 1;
    const { firstPauseMs, longestPauseMs, totalTimeMs, maxAttempts } = this.#options;
    const may = failure === 'nothing-happened' || (failure === 'unknown' && this.#repeatable);
    const pause = (failures: number) => jittered(growing(firstPauseMs, longestPauseMs, failures));
    const wait = askedMs !== undefined ? askedMs + pause(1) : elsewhere ? 0 : pause(this.#made);
    const inTime = performance.now() - this.#began + wait <= totalTimeMs;
    return may && inTime && this.#made < maxAttempts ? wait : undefined;
  }
}

/** `Retry-After` in ms, from seconds or a date. */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

/** Waits; ends early, with the signal's reason, when that is aborted. */
export function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const aborted = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted);
      resolve();
    }, ms);
    signal?.addEventListener('abort', aborted, { once: true });
  });
}
