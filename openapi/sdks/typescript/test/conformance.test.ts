import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Boxoffice, ProblemError, UnreachableError } from '../src/index.js';

/** What every client has to do: openapi/sdks/testing/cases.py. */
const FAULTS = process.env['BOXOFFICE_FAULTS'];

interface Case {
  name: string;
  call: string;
  retry?: Record<string, number>;
  after?: string;
  take?: number;
  silence_ms?: number;
  key?: string;
}

async function told<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(FAULTS + path, { method: 'POST', body: body === undefined ? null : JSON.stringify(body) });
  return (await response.json()) as T;
}

async function collect<T>(items: AsyncIterable<T>, show: (item: T) => string, atMost = Infinity): Promise<string[]> {
  const shown: string[] = [];
  for await (const item of items) {
    shown.push(show(item));
    if (shown.length >= atMost) break;
  }
  return shown;
}

const ORDER = { body: { ticketId: 'ticket_1' } };
const TICKET = { path: { id: 'ticket_1' } };

const CALLS: Record<string, (client: Boxoffice, it: Case) => Promise<unknown>> = {
  create_order: async (client, { key }) => {
    const headers = key === undefined ? {} : { 'Idempotency-Key': key };
    return (await client.createOrder({ ...ORDER, headers })).id;
  },
  create_order_twice: async (client) => [(await client.createOrder(ORDER)).id, (await client.createOrder(ORDER)).id],
  create_webhook: async (client) => (await client.createWebhook({ body: { url: 'https://shop.example/' } })).id,
  get_ticket: async (client) => (await client.getTicket(TICKET)).id,
  get_ticket_4: async (client) => {
    const ids = [];
    for (let time = 0; time < 4; time += 1) ids.push((await client.getTicket(TICKET)).id);
    return ids;
  },
  sign_up_and_look: async (client) => {
    await client.signUp({ body: { email: 'ann@example.com', password: 'orange bicycle' } });
    return (await client.getTicket(TICKET)).id;
  },
  replace_ticket: async (client) => (await client.replaceTicket({ ...TICKET, body: { title: 'New', price: 1 } })).id,
  iter_tickets: (client) => collect(client.iterTickets({ query: { keyword: 'a b', limit: 2 } }), (ticket) => ticket.id),
  follow: (client, { after, take, silence_ms: silenceMs }) =>
    collect(
      client.followEvents({ after, silenceMs }),
      (followed) => (followed.kind === 'event' ? followed.event.id : `reset ${followed.oldest}`),
      take,
    ),
};

async function outcomeOf(client: Boxoffice, it: Case): Promise<unknown> {
  try {
    return { ok: await CALLS[it.call]!(client, it) };
  } catch (error) {
    if (error instanceof UnreachableError) {
      console.log(`# ${error.message}`);
      return { unreachable: true };
    }
    if (!(error instanceof ProblemError)) throw error;
    const fields = new Set(error.errors.flatMap(({ field }) => (field === undefined ? [] : [field])));
    const errors = Object.fromEntries([...fields].map((field) => [field, error.errorsOf(field)]));
    const { type, status, retryAfter = null, message: text } = error;
    return { problem: { type, status, retryAfter, errors, text } };
  }
}

const cases = FAULTS ? await told<Case[]>('/cases') : [];
test('there are cases', { skip: !FAULTS }, () => assert.ok(cases.length > 20));
for (const [number, it] of cases.entries()) {
  test(it.name, { timeout: 90_000 }, async () => {
    const { urls } = await told<{ urls: string[] }>(`/begin?case=${number}`);
    const { max_attempts: maxAttempts = 10, total_time_ms: totalTimeMs = 60_000, attempt_timeout_ms: attemptTimeoutMs = 20_000 } =
      it.retry ?? {};
    const retry = { maxAttempts, totalTimeMs, attemptTimeoutMs, firstPauseMs: 20 };
    const client = new Boxoffice({ baseUrl: urls, token: 'token_1', retry });
    const { faults } = await told<{ faults: string[] }>(`/end?case=${number}`, await outcomeOf(client, it));
    assert.deepEqual(faults, []);
  });
}
