// The page that documents the API and tries it out: a sale by nothing but clicking.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startService } from "./support/processes.mjs";
import { Visitor, startBrowser } from "./support/visitor.mjs";

const PASSWORD = "orange bicycle";

/** One operation of the page, opened and ready to be filled in. */
async function open(page, tag, operation) {
    const block = page.locator(`#operations-${tag}-${operation}`);
    const summary = block.locator(".opblock-summary-control");
    if ((await summary.getAttribute("aria-expanded")) !== "true") {
        await summary.click();
        await block.getByRole("button", { name: "Try it out" }).click();
    }
    return block;
}

/** Fills it in, executes it, and says what came. */
async function tryOut(page, tag, operation, { body, parameters = {} } = {}) {
    const block = await open(page, tag, operation);
    for (const [name, value] of Object.entries(parameters)) {
        await block.locator(`tr[data-param-name="${name}"] input`).fill(value);
    }
    if (body) await block.locator("textarea.body-param__text").fill(JSON.stringify(body));
    const clear = block.getByRole("button", { name: "Clear", exact: true });
    // What is shown afterwards is of this time, and not of the one before.
    if (await clear.isVisible()) await clear.click();
    await block.getByRole("button", { name: "Execute" }).click();
    const shown = block.locator(".live-responses-table tbody tr.response");
    const status = Number.parseInt(await shown.locator(".response-col_status").innerText(), 10);
    const text = await shown.locator(".response-col_description .highlight-code pre").first().innerText();
    return { status, body: JSON.parse(text) };
}

/** Shows the token to all operations from now on, instead of another one. */
async function authorise(page, token) {
    await page.locator(".scheme-container").getByRole("button", { name: "Authorize" }).click();
    const bearer = page.locator(".dialog-ux .auth-container").filter({ has: page.getByText("bearer", { exact: true }) });
    // By what is on them: their accessible names are others.
    const button = (words) => bearer.locator("button").filter({ hasText: new RegExp(`^${words}$`) });
    if (await button("Logout").isVisible()) await button("Logout").click();
    await bearer.locator("input").fill(token);
    await button("Authorize").click();
    await button("Logout").waitFor();
    await button("Close").click();
}

test("a sale between two accounts, tried out on the page of the API", async (t) => {
    const service = await startService(t);
    const visitor = await Visitor.come(t, await startBrowser(t), service.address);
    const page = await visitor.open("/docs");

    const account = (email) => ({ body: { email, password: PASSWORD } });
    const seller = await tryOut(page, "Users", "signUp", account("ann@example.com"));
    assert.equal(seller.status, 201);
    await tryOut(page, "Users", "signUp", account("ben@example.com"));
    const buyer = await tryOut(page, "Users", "signIn", account("ben@example.com"));
    assert.equal(buyer.status, 200);
    // The cookie is the buyer's by now; what was authorised counts more.
    await authorise(page, seller.body.token);
    const posted = await tryOut(page, "Tickets", "createTicket", { body: { title: "Opening night", price: 19.99 } });
    assert.equal(posted.status, 201);
    assert.equal(posted.body.userId, seller.body.id);

    await authorise(page, buyer.body.token);
    const order = await tryOut(page, "Orders", "createOrder", { body: { ticketId: posted.body.id } });
    assert.equal(order.status, 201);
    assert.equal(order.body.userId, buyer.body.id);
    const paid = await tryOut(page, "Payments", "createPayment", { body: { orderId: order.body.id, token: "tok_visa" } });
    assert.equal(paid.status, 201);

    const complete = await tryOut(page, "Orders", "getOrder", { parameters: { id: order.body.id } });
    assert.equal(complete.body.status, "complete");
    const sold = await tryOut(page, "Tickets", "getTicket", { parameters: { id: posted.body.id } });
    assert.equal(sold.body.status, "sold");
    visitor.assertContent();
});

test("what was refused is shown with its reasons", async (t) => {
    const service = await startService(t);
    const visitor = await Visitor.come(t, await startBrowser(t), service.address, { expects: [400, 401] });
    const page = await visitor.open("/docs");
    const refused = await tryOut(page, "Users", "signUp", { body: { email: "nobody", password: "short" } });
    assert.equal(refused.status, 400);
    assert.deepEqual(refused.body.errors.map(({ field }) => field).sort(), ["email", "password"]);
    const unknown = await tryOut(page, "Tickets", "createTicket", { body: { title: "Opening night", price: 1 } });
    assert.equal(unknown.status, 401);
    visitor.assertContent();
});
