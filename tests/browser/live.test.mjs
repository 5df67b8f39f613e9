// What changes under one's eyes, and what happens to it while nobody looks or nothing comes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startService } from "./support/processes.mjs";
import { Account } from "./support/stage.mjs";
import { Visitor, startBrowser } from "./support/visitor.mjs";
import { eventually } from "./support/wait.mjs";

/** In which nothing is asked for, where nothing happens. */
const QUIET_MS = 2_000;
/** Events are shown well within this, and less soon if they wait for something else. */
const SOON_MS = 4_000;

/** A seller, a buyer who uses the API, and somebody who just looks. */
async function shop(t, options) {
    const service = await startService(t);
    const browser = await startBrowser(t);
    const come = () => Visitor.come(t, browser, service.address, options);
    const [first, second, visitor] = [await come(), await come(), await come()];
    const ann = await Account.signUp(first.context, "ann@example.com");
    const ben = await Account.signUp(second.context, "ben@example.com");
    return { service, visitor, ann, ben };
}

const inState = (page, ticket, status) => page.locator(`[data-ticket="${ticket.id}"][data-status="${status}"]`);
const said = (page) => page.locator("body > [role=status]").innerText();

test("a ticket is taken, free again and sold while its page is looked at", async (t) => {
    const { visitor, ann, ben } = await shop(t);
    const ticket = await ann.sell("Opening night", 19.99);
    const page = await visitor.open(`/tickets/${ticket.id}`);
    await inState(page, ticket, "available").waitFor();
    const order = await ben.reserve(ticket);
    await inState(page, ticket, "reserved").waitFor();
    await eventually("it is said", async () => /Opening night: .*reserved/i.test(await said(page)));
    const offer = page.getByRole("main").getByRole("link", { name: "Sign in to reserve it" });
    assert.equal(await offer.count(), 0, "what cannot be had is not offered");
    await ben.call("DELETE", `/api/orders/${order.id}`);
    await inState(page, ticket, "available").waitFor();
    assert.equal(await offer.count(), 1);
    await ben.pay(await ben.reserve(ticket));
    await inState(page, ticket, "sold").waitFor();
    visitor.assertContent();
});

test("in a list a ticket that is taken stays in its place, and nothing else moves", async (t) => {
    // The one that is withdrawn is asked for, and not there.
    const { visitor, ann, ben } = await shop(t, { expects: [404] });
    const tickets = [];
    for (const title of ["First", "Second", "Third"]) tickets.push(await ann.sell(title, 10));
    const page = await visitor.open("/");
    const order = () => page.locator("[data-ticket]").evaluateAll((all) => all.map(({ dataset }) => dataset.ticket));
    const before = await order();
    assert.deepEqual([...before].sort(), tickets.map(({ id }) => id).sort());
    const link = inState(page, tickets[2], "available").locator("a").first();
    await link.focus();
    const reserved = await ben.reserve(tickets[1]);
    await inState(page, tickets[1], "reserved").waitFor();
    assert.match(await inState(page, tickets[1], "reserved").locator(".status").innerText(), /reserved/i);
    assert.deepEqual(await order(), before);
    assert.ok(await link.evaluate((element) => element === document.activeElement), "the focus is where it was");
    await ben.call("DELETE", `/api/orders/${reserved.id}`);
    await inState(page, tickets[1], "available").waitFor();
    await ann.call("DELETE", `/api/tickets/${tickets[0].id}`);
    await inState(page, tickets[0], "gone").waitFor();
    assert.deepEqual(await order(), before);
    visitor.assertContent();
});

test("a ticket that another one moves off the first page is still on sale", async (t) => {
    const { visitor, ann, ben } = await shop(t);
    const tickets = [];
    for (let i = 0; i < 20; i++) tickets.push(await ann.sell(`Ticket ${i}`, 10));
    const page = await visitor.open("/");
    await inState(page, tickets[0], "available").waitFor();
    // Two, for the one that is taken makes room for one.
    await ann.sell("A new one", 10);
    await ann.sell("Another one", 10);
    await ben.reserve(tickets[5]);
    await inState(page, tickets[5], "reserved").waitFor();
    assert.equal(await page.locator('[data-ticket][data-status="available"]').count(), 19);
    visitor.assertContent();
});

/** The paths that the page fetches again, from now on. */
function refetches(page) {
    const paths = [];
    page.on("request", (request) => {
        if (request.resourceType() === "fetch") paths.push(new URL(request.url()).pathname);
    });
    return paths;
}

test("a list that shows what it heard has nothing more to ask, and shows the next event at once", async (t) => {
    const { visitor, ann, ben } = await shop(t);
    const [first, second] = [await ann.sell("First", 10), await ann.sell("Second", 10)];
    const page = await visitor.open("/");
    const order = await ben.reserve(first);
    await inState(page, first, "reserved").waitFor();
    const asked = refetches(page);
    // Longer than the first pauses before it would try again.
    await page.waitForTimeout(QUIET_MS);
    assert.deepEqual(asked, []);
    await ben.reserve(second);
    await inState(page, second, "reserved").waitFor({ timeout: SOON_MS });
    await ben.call("DELETE", `/api/orders/${order.id}`);
    await inState(page, first, "available").waitFor({ timeout: SOON_MS });
    visitor.assertContent();
});

test("an event is not kept waiting by a list that is behind with another one", async (t) => {
    const { service, visitor, ann, ben } = await shop(t);
    const [first, second] = [await ann.sell("First", 10), await ann.sell("Second", 10)];
    const page = await visitor.context.newPage();
    await page.clock.install();
    await page.goto("/");
    await eventually("it follows", async () => (await streams(service)) === 1);
    // A replica that never catches up.
    const stale = await (await visitor.context.request.get("/", { headers: { Accept: "text/html" } })).text();
    await page.route(`${service.address}/`, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: stale }));
    const asked = refetches(page);
    await ben.reserve(first);
    for (let tries = 1; tries <= 6; tries++) {
        await eventually("it tries again", () => asked.length >= tries);
        // The longest of all pauses.
        if (tries < 6) await page.clock.fastForward(45_000);
    }
    // By now it waits for at least eight seconds by itself.
    const next = page.waitForRequest((request) => request.resourceType() === "fetch", { timeout: SOON_MS });
    await Promise.all([next, ben.reserve(second)]);
    visitor.assertContent();
});

/** Has the page think that its window is hidden, or shown again. */
function setHidden(page, isHidden) {
    return page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }, isHidden);
}

async function streams(service) {
    const metrics = await (await fetch(`${service.address}/metrics`)).text();
    const line = metrics.match(/^boxoffice_event_streams(?:\{[^}]*\})? (\d+)/m);
    assert.ok(line, "there is such a metric");
    return Number(line[1]);
}

test("a hidden window asks for nothing, and has caught up when it is shown", async (t) => {
    const { service, visitor, ann, ben } = await shop(t);
    const ticket = await ann.sell("Opening night", 19.99);
    const page = await visitor.open(`/tickets/${ticket.id}`);
    await eventually("it follows", async () => (await streams(service)) === 1);
    await setHidden(page, true);
    await eventually("it does not follow", async () => (await streams(service)) === 0);
    await ben.reserve(ticket);
    assert.equal(await inState(page, ticket, "available").count(), 1);
    await setHidden(page, false);
    await inState(page, ticket, "reserved").waitFor();
    visitor.assertContent();
});

test("after the service was away a window goes on by itself", async (t) => {
    const { service, visitor, ann, ben } = await shop(t);
    const ticket = await ann.sell("Opening night", 19.99);
    const page = await visitor.open(`/tickets/${ticket.id}`);
    await eventually("it follows", async () => (await streams(service)) === 1);
    await service.restart();
    await ben.reserve(ticket);
    await inState(page, ticket, "reserved").waitFor();
    const away = /net::ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE)/;
    visitor.faults = visitor.faults.filter((fault) => !away.test(fault));
    visitor.assertContent();
});

test("what changed between the page and its stream is seen", async (t) => {
    const { visitor, ann, ben } = await shop(t);
    const ticket = await ann.sell("Opening night", 19.99);
    const page = await visitor.context.newPage();
    let letGo;
    const held = new Promise((done) => (letGo = done));
    await page.route("**/api/events?*", async (route) => {
        await held;
        await route.continue();
    });
    await page.goto(`/tickets/${ticket.id}`);
    await ben.reserve(ticket);
    letGo();
    await inState(page, ticket, "reserved").waitFor();
    visitor.assertContent();
});

test("what is typed stays when the page around it changes", async (t) => {
    const { visitor, ann, ben } = await shop(t);
    const ticket = await ann.sell("Opening night", 19.99);
    const page = await visitor.open("/");
    const search = page.locator('input[name="keyword"]');
    await search.fill("open");
    await ben.reserve(ticket);
    await inState(page, ticket, "reserved").waitFor();
    assert.equal(await search.inputValue(), "open");
    assert.ok(await search.evaluate((element) => element === document.activeElement));
    visitor.assertContent();
});
