import { events as messagesOf } from 'fetch-event-stream';

import type { Event } from './generated/types.gen.js';
import { ProblemError, UnreachableError } from './problem.js';
import { Attempts, failureOfRefusal, growing, jittered, pause } from './retry.js';
import { ALONE, type Transport } from './transport.js';

/** The service gives a sign of life every 15 seconds: a stream that was silent for more than two of them is dead. */
const SILENCE_MS = 35_000;
/** How long the first pause after a stream that broke off is, unless the service says otherwise. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Which events to follow, and from where on. */
export interface Follow {
  /**
   * The id of the last event that was dealt with: those after it follow. `now` for what happens from now on; all that are kept
   * if there is none.
   */
  after?: string;
  /** Of these types only; of all if there are none. */
  types?: readonly Event['type'][];
  /** About this ticket, order or payment only. */
  subject?: string;
  /** Ends it. */
  signal?: AbortSignal;
  /** A stream that is silent for so long, in ms, is taken for dead and opened anew. Default: 35 000. */
  silenceMs?: number;
}

/**
 * What a stream of events has: something happened; or `reset`: some events are missing, since they are not kept any more or the
 * service was restored. What is known has to be read anew then, and the stream goes on with the oldest event that is kept.
 */
export type Followed = { kind: 'event'; event: Event } | { kind: 'reset'; oldest: string };

/**
 * Follows what happens, without end. A stream that breaks off or goes silent is resumed where it was, at another base URL if need
 * be, without a gap or a repetition. Throws when it is refused for good, and when it cannot be opened the first time within the
 * bounds of a call.
 */
export async function* followEvents(transport: Transport, wanted: Follow): AsyncGenerator<Followed, void, undefined> {
  const { signal } = wanted;
  const { shared } = transport;
  let position = wanted.after === 'now' ? undefined : wanted.after;
  let firstPauseMs = FIRST_PAUSE_MS;
  let failures = 0;
  // Until the stream was open once, opening it is a call like any other.
  let opening: Attempts | undefined = new Attempts(shared.retry, true);
  while (!signal?.aborted) {
    const stream = new Stream(transport, wanted);
    let broken: unknown;
    try {
      const response = await stream.open(position, opening?.timeoutMs ?? shared.retry.attemptTimeoutMs);
      opening = undefined;
      for await (const message of stream.messages(response)) {
        // The id moves on without an event as well, where none of them is of interest for long.
        if (message.id) {
          position = String(message.id);
          failures = 0;
        }
        if (message.retry) firstPauseMs = message.retry;
        const followed = read(message.event, message.data);
        if (followed) yield followed;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (isFinal(error)) throw error;
      broken = error;
    } finally {
      stream.close();
    }
    // A replica that ends a stream stops.
    stream.leave();
    failures += 1;
    const askedMs = broken instanceof ProblemError && broken.retryAfter !== undefined ? broken.retryAfter * 1_000 : undefined;
    const waitMs: number | undefined = opening
      ? opening.failed('unknown', askedMs, opening.made + 1 < shared.count)
      : (askedMs ?? 0) + jittered(growing(firstPauseMs, LONGEST_PAUSE_MS, failures));
    if (waitMs === undefined) throw broken instanceof ProblemError ? broken : new UnreachableError(broken);
    await pause(waitMs, signal).catch(() => undefined);
  }
}

/** Whether there is no use in opening the stream again. */
function isFinal(error: unknown): boolean {
  if (error instanceof ProblemError) return failureOfRefusal(error.status, error.type) === 'final';
  return error instanceof SyntaxError;
}

/** What a message says to whoever follows; undefined if nothing, or something that later versions say. */
function read(name: string | undefined, data: string | undefined): Followed | undefined {
  if (!data) return undefined;
  if (name === undefined || name === 'message') return { kind: 'event', event: JSON.parse(data) as Event };
  if (name === 'reset') return { kind: 'reset', oldest: (JSON.parse(data) as { oldest: string }).oldest };
  return undefined;
}

/** One stream, from when it is opened until it breaks off. */
class Stream {
  readonly #transport: Transport;
  readonly #wanted: Follow;
  readonly #place: number;
  readonly #ended = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(transport: Transport, wanted: Follow) {
    this.#transport = transport;
    this.#wanted = wanted;
    this.#place = transport.shared.place;
  }

  /** What comes of an answer. */
  async *messages(response: Response) {
    const silenceMs = this.#wanted.silenceMs ?? SILENCE_MS;
    // Only while something is waited for: who follows may take their time.
    let waiting = false;
    const alive = () => {
      clearTimeout(this.#timer);
      if (waiting) this.#timer = setTimeout(() => this.#ended.abort(new Error('the stream is silent')), silenceMs);
    };
    const tap = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        alive();
        controller.enqueue(piece);
      },
    });
    const messages = messagesOf(new Response(response.body!.pipeThrough(tap)));
    for (;;) {
      waiting = true;
      alive();
      const next = await messages.next();
      waiting = false;
      clearTimeout(this.#timer);
      if (next.done) return;
      yield next.value;
    }
  }

  /** Has others asked from now on. */
  leave(): void {
    this.#transport.shared.leave(this.#place);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#ended.abort();
  }

  /** Asks for what comes after a position. */
  async open(position: string | undefined, timeoutMs: number): Promise<Response> {
    const { shared } = this.#transport;
    const { after, types, subject, signal } = this.#wanted;
    const query = new URLSearchParams();
    if (after !== undefined && position === undefined) query.set('after', after);
    if (types?.length) query.set('types', types.join(','));
    if (subject !== undefined) query.set('subject', subject);
    const headers = new Headers({ accept: 'text/event-stream' });
    if (position !== undefined) headers.set('last-event-id', position);
    this.#transport.sign(headers);
    const timer = setTimeout(() => this.#ended.abort(new Error('it takes too long')), timeoutMs);
    try {
      const response = await shared.fetch(shared.url(this.#place, `/api/events?${query}`), {
        headers,
        signal: signal ? AbortSignal.any([signal, this.#ended.signal]) : this.#ended.signal,
        ...ALONE,
      });
      shared.consistency.take(response.headers);
      if (!response.ok) throw await ProblemError.of(response);
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) throw new TypeError('it is no stream of events');
      return response;
    } finally {
      clearTimeout(timer);
    }
  }
}
