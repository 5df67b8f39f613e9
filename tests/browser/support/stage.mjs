// Accounts, tickets and orders in every state that a page can show, and the list of those pages. All by the API: whoever tests
// pages should not depend on pages.
import assert from "node:assert/strict";
import { eventually } from "./wait.mjs";

export const PASSWORD = "orange bicycle";

/** Somebody who uses the API, with the cookies that a browser would have. */
export class Account {
    constructor(request, email) {
        Object.assign(this, { request, email });
    }

    /** Signs up in the context `context`, whose windows are signed in from then on. */
    static async signUp(context, email) {
        const account = new Account(context.request, email);
        await account.post("/api/users/signup", { email, password: PASSWORD });
        return account;
    }

    async call(method, path, data) {
        const answer = await this.request.fetch(path, { method, data });
        const text = await answer.text();
        assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`);
        return text ? JSON.parse(text) : undefined;
    }

    post(path, data) {
        return this.call("POST", path, data);
    }

    sell(title, price, more = {}) {
        return this.post("/api/tickets", { title, price, ...more });
    }

    reserve(ticket) {
        return this.post("/api/orders", { ticketId: ticket.id });
    }

    pay(order, token = "tok_visa") {
        return this.post("/api/payments", { orderId: order.id, token });
    }

    get(path) {
        return this.call("GET", path);
    }
}

/** Fills a service that is empty so far. Each page has a name, a path, and the cookies of whoever may see it, if any. */
export async function stage(browser, address) {
    const options = { baseURL: address };
    const contexts = await Promise.all(["ann", "ben", "eve"].map(() => browser.newContext(options)));
    const names = ["ann", "ben", "eve"].map((name) => `${name}@example.com`);
    const [ann, ben, eve] = await Promise.all(contexts.map((context, i) => Account.signUp(context, names[i])));
    for (let i = 1; i <= 24; i++) {
        await ann.sell(`Matinee of ${i} May`, 8 + i / 4, { venue: "Small Stage", startsAt: `2030-05-${String(i).padStart(2, "0")}T14:00:00Z` });
    }
    const onSale = await ann.sell("Opening night", 19.99, { venue: "Town Hall, Main Street 1", startsAt: "2031-12-31T20:00:00Z" });
    const plain = await ann.sell("A very long title that goes on and on: the complete works of an author, abridged, with intermission", 1234.5);
    const frozen = await ann.sell("Dress rehearsal", 5);
    await ann.post(`/api/tickets/${frozen.id}/freeze`);
    const order = async (title) => ben.reserve(await ann.sell(title, 24.5, { venue: "Opera", startsAt: "2031-06-01T18:30:00Z" }));
    const open = await order("Swan Lake");
    const declined = await order("The Magic Flute");
    const answer = await ben.request.post("/api/payments", { data: { orderId: declined.id, token: "tok_chargeDeclined" } });
    assert.equal(answer.status(), 402);
    const complete = await order("Tosca");
    await ben.pay(complete);
    const cancelled = await order("Carmen");
    await ben.call("DELETE", `/api/orders/${cancelled.id}`);
    const refunded = await order("Aida");
    const { id } = await ben.pay(refunded);
    await ann.post(`/api/payments/${id}/refunds`, {});
    await eventually("the refund is made", async () => (await ben.get(`/api/payments/${id}`)).status === "refunded");

    const [annsCookies, bensCookies, evesCookies] = await Promise.all(contexts.map((context) => context.storageState()));
    await Promise.all(contexts.map((context) => context.close()));
    const page = (name, path, session) => ({ name, path, session });
    return [
        page("home", "/"),
        page("home-signed-in", "/", bensCookies),
        page("search", "/?keyword=matinee&minPrice=10&sort=price"),
        page("search-nothing", "/?keyword=nothing+of+the+kind"),
        page("sign-up", "/sign-up"),
        page("sign-in", "/sign-in?next=%2Forders"),
        page("ticket", `/tickets/${onSale.id}`),
        page("ticket-plain", `/tickets/${plain.id}`, bensCookies),
        page("ticket-own", `/tickets/${onSale.id}`, annsCookies),
        page("ticket-frozen", `/tickets/${frozen.id}`, annsCookies),
        page("ticket-reserved", `/tickets/${open.ticket.id}`),
        page("ticket-sold", `/tickets/${complete.ticket.id}`, bensCookies),
        page("sell", "/tickets/new", annsCookies),
        page("edit", `/tickets/${onSale.id}/edit`, annsCookies),
        page("selling", "/selling", annsCookies),
        page("selling-nothing", "/selling", evesCookies),
        page("orders", "/orders", bensCookies),
        page("orders-none", "/orders", evesCookies),
        page("order-open", `/orders/${open.id}`, bensCookies),
        page("order-declined", `/orders/${declined.id}`, bensCookies),
        page("order-complete", `/orders/${complete.id}`, bensCookies),
        page("order-cancelled", `/orders/${cancelled.id}`, bensCookies),
        page("order-refunded", `/orders/${refunded.id}`, bensCookies),
        page("account", "/account", bensCookies),
        page("not-found", "/tickets/ticket_00000000000000000000000000"),
    ];
}
