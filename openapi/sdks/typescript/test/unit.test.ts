import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Consistency } from '../src/consistency.js';
import { Boxoffice } from '../src/index.js';
import { Attempts, DEFAULT_RETRY, growing, jittered, pause, retryAfterMs } from '../src/retry.js';

const token = (value: string) => new Headers({ 'consistency-token': value });

test('the greatest token of an epoch is kept, and a new epoch replaces it', () => {
  const consistency = new Consistency();
  for (const [told, kept] of [
    ['junk', undefined],
    ['aa-9', 'aa-9'],
    ['aa-10', 'aa-10'],
    ['aa-2', 'aa-10'],
    ['aa-18446744073709551615', 'aa-18446744073709551615'],
    ['aa-18446744073709551614', 'aa-18446744073709551615'],
    ['bb-1', 'bb-1'],
    ['bb-x', 'bb-1'],
  ] as const) {
    consistency.take(token(told));
    assert.equal(consistency.current(), kept, told);
  }
});

test('pauses grow to a bound and vary', () => {
  assert.deepEqual([1, 2, 3, 20].map((failures) => growing(100, 5_000, failures)), [100, 200, 400, 5_000]);
  const pauses = Array.from({ length: 100 }, () => jittered(1_000));
  assert.ok(pauses.every((each) => each >= 500 && each <= 1_000));
  assert.ok(new Set(pauses).size > 50);
});

test('only what is safe is sent again', () => {
  for (const [failure, repeatable, again] of [
    ['nothing-happened', false, true],
    ['unknown', false, false],
    ['unknown', true, true],
    ['final', true, false],
  ] as const) {
    assert.equal(new Attempts(DEFAULT_RETRY, repeatable).failed(failure, undefined, false) !== undefined, again);
  }
});

test('Retry-After is seconds or a date', () => {
  const read = (value: string) => retryAfterMs(new Headers({ 'retry-after': value }));
  assert.equal(read('7'), 7_000);
  assert.equal(read('Wed, 21 Oct 2015 07:28:00 GMT'), 0);
  assert.ok(read('Tue, 01 Jan 2199 00:00:00 GMT')! > 3_600_000);
  assert.equal(read('soon'), undefined);
});

test('a browser is told neither to follow nor to send cookies', async () => {
  const asked: RequestInit[] = [];
  const fetch = async (_: RequestInfo | URL, init?: RequestInit) => {
    asked.push(init!);
    return new Response('data: {}\n\n', { headers: { 'content-type': 'text/event-stream' } });
  };
  const client = new Boxoffice({ baseUrl: 'http://shop.example', fetch });
  await client.signOut();
  for await (const _ of client.followEvents()) break;
  assert.deepEqual(asked.map(({ redirect, credentials }) => [redirect, credentials]), [['manual', 'omit'], ['manual', 'omit']]);
});

test('who gives up is not kept waiting', async () => {
  const ended = new AbortController();
  const client = new Boxoffice({ baseUrl: 'http://127.0.0.1:9', fetch: async () => Promise.reject(new TypeError('no')) });
  const call = client.getTicket({ path: { id: 'ticket_1' }, signal: ended.signal });
  setTimeout(() => ended.abort(new Error('enough')), 50);
  await assert.rejects(call, /enough/);
  await assert.rejects(pause(10_000, ended.signal), /enough/);
});

test('a base URL may have a path, and has to be one', async () => {
  const asked: string[] = [];
  const fetch = async (input: RequestInfo | URL) => {
    asked.push(String(input));
    return Response.json({ currentUser: null });
  };
  for (const baseUrl of ['https://shop.example/tickets/', 'HTTPS://Shop.example:443/tickets']) {
    await new Boxoffice({ baseUrl, fetch }).currentUser();
    assert.deepEqual(asked.splice(0), ['https://shop.example/tickets/api/users/currentuser'], baseUrl);
  }
  for (const bad of ['shop.example', 'ftp://shop.example', 'http://shop.example?a=b', []]) {
    assert.throws(() => new Boxoffice({ baseUrl: bad }), TypeError);
  }
});
