import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Boxoffice, type Event } from '../src/index.js';

/** Three replicas, which openapi/sdks/testing/cluster.py starts. */
const CLUSTER = process.env['BOXOFFICE_CLUSTER'];
/** When the leader dies, in ms after an order is sent: before it arrives, while it is decided, after it is answered. */
const ROUNDS = [0, 2, 5, 10, 30];

async function control<T>(path: string): Promise<T> {
  return (await (await fetch(CLUSTER + path, { method: 'POST' })).json()) as T;
}

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** All events, until an order is complete. */
async function eventsUntilComplete(client: Boxoffice, order: () => string | undefined, signal: AbortSignal): Promise<Event[]> {
  const events: Event[] = [];
  for await (const followed of client.followEvents({ signal })) {
    assert.equal(followed.kind, 'event');
    if (followed.kind !== 'event') break;
    events.push(followed.event);
    if (followed.event.type === 'order:completed' && followed.event.subject === order()) break;
  }
  return events;
}

test('each order is made once while the leader is lost, and no event is missed', { skip: !CLUSTER, timeout: 300_000 }, async () => {
  const { urls, key } = await control<{ urls: string[]; key: string }>('/cluster');
  const shop = new Boxoffice({ baseUrl: urls });
  const password = 'orange bicycle';
  const [annsToken, bensToken] = await Promise.all(
    ['ann', 'ben'].map(async (name) => (await shop.signUp({ body: { email: `${name}-ts@example.com`, password } })).token),
  );
  let last: string | undefined;
  const ended = new AbortController();
  const follower = new Boxoffice({ baseUrl: urls, token: key });
  const followed = eventsUntilComplete(follower, () => last, ended.signal);

  const orders: string[] = [];
  for (const [round, afterMs] of ROUNDS.entries()) {
    const { urls } = await control<{ urls: string[] }>('/cluster');
    // The leader itself is asked, or one that has to ask the leader.
    const client = new Boxoffice({ baseUrl: round % 2 === 0 ? urls : [...urls.slice(1), urls[0]!] });
    const [ann, ben] = [client.withToken(annsToken!), client.withToken(bensToken!)];
    const ticket = await ann.createTicket({ body: { title: `Round ${round}`, price: 19.99 } });
    const [order] = await Promise.all([
      ben.createOrder({ body: { ticketId: ticket.id } }),
      control(`/lose?after_ms=${afterMs}`),
    ]);
    if (round === ROUNDS.length - 1) last = order.id;
    const payment = await ben.createPayment({ body: { orderId: order.id, token: 'tok_visa' } });
    orders.push(order.id);

    const made = (await gather(ben.iterOrders({ query: { limit: 2 } }))).filter((each) => each.ticket.id === ticket.id);
    assert.deepEqual(made.map((each) => each.id), [order.id], 'one order of the ticket');
    const payments = await ben.listOrderPayments({ path: { id: order.id } });
    assert.deepEqual(payments.map((each) => each.id), [payment.id], 'one payment of the order');
    await control('/mend');
  }

  const deadline = setTimeout(() => ended.abort(), 30_000);
  const events = await followed;
  clearTimeout(deadline);
  const sequences = events.map((event) => Number(event.sequence));
  assert.deepEqual(sequences, sequences.map((_, place) => sequences[0]! + place), 'no gap and no repetition');
  const seen = (type: string) => events.filter((event) => event.type === type).map((event) => event.subject);
  assert.deepEqual(seen('order:created').filter((id) => orders.includes(id)), orders);
  assert.deepEqual(seen('order:completed').filter((id) => orders.includes(id)), orders);

  const ben = shop.withToken(bensToken!);
  assert.deepEqual(new Set((await gather(ben.iterOrders())).map((order) => order.id)), new Set(orders));
  const payments = await gather(ben.iterPayments({ query: { limit: 1 } }));
  assert.deepEqual(payments.map((payment) => payment.status), orders.map(() => 'succeeded'));
});
