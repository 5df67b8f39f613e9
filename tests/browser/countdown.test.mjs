// The time left to pay.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startService } from "./support/processes.mjs";
import { Account } from "./support/stage.mjs";
import { Visitor, startBrowser } from "./support/visitor.mjs";
import { eventually } from "./support/wait.mjs";

const HOUR_MS = 3_600_000;

async function buyerWithOrder(t, settings, options) {
    const service = await startService(t, settings);
    const browser = await startBrowser(t);
    const seller = await Visitor.come(t, browser, service.address);
    const buyer = await Visitor.come(t, browser, service.address, options);
    const ann = await Account.signUp(seller.context, "ann@example.com");
    const ben = await Account.signUp(buyer.context, "ben@example.com");
    const ticket = await ann.sell("Opening night", 19.99);
    return { buyer, ben, ticket };
}

/** Has every window of the visitor take the time for another one. */
function putClock(visitor, byMs) {
    return visitor.context.addInitScript((by) => {
        const Real = Date;
        globalThis.Date = class extends Real {
            constructor(...said) {
                if (said.length === 0) super(Real.now() + by);
                else super(...said);
            }
            static now() {
                return Real.now() + by;
            }
        };
    }, byMs);
}

const secondsOf = (text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

test("the order is released in front of the buyer when the two seconds are over", async (t) => {
    const { buyer, ben, ticket } = await buyerWithOrder(t, { BOXOFFICE_PAYMENT_WINDOW: "2s" });
    const page = await buyer.open("/orders");
    const order = await ben.reserve(ticket);
    await page.goto(`/orders/${order.id}`);
    const left = page.locator("[data-countdown]");
    assert.match(await left.innerText(), /^0:0[0-2]$/);
    await page.locator('[data-order][data-status="cancelled"]').waitFor();
    assert.equal(await left.count(), 0);
    assert.equal(await page.locator("form#pay").count(), 0, "what is over cannot be paid");
    assert.match(await page.locator("main").innerText(), /not paid for in time/);
    assert.equal((await ben.get(`/api/orders/${order.id}`)).cancelReason, "expired");
    buyer.assertContent();
});

test("that a payment came too late is said under the buyer's eyes", async (t) => {
    const settings = { BOXOFFICE_PAYMENT_WINDOW: "2s", BOXOFFICE_PAYMENT_GRACE: "1s", BOXOFFICE_SANDBOX_SLOW: "5s" };
    const { buyer, ben, ticket } = await buyerWithOrder(t, settings);
    const order = await ben.reserve(ticket);
    const page = await buyer.open(`/orders/${order.id}`);
    // By a window that does not look at the answer.
    const refused = assert.rejects(ben.pay(order, "tok_slow"), /409/);
    await page.locator('[data-order][data-status="cancelled"]').waitFor();
    await page.getByText("Your payment came too late").waitFor();
    await page.getByText("refunded", { exact: false }).first().waitFor();
    await eventually("it is said", async () => /Paid too late/.test(await page.locator("body > [role=status]").innerText()));
    await refused;
    buyer.assertContent();
});

for (const [name, offMs] of [["slow", -HOUR_MS], ["fast", HOUR_MS]]) {
    test(`the time left is right on a clock that is an hour ${name}`, async (t) => {
        const { buyer, ben, ticket } = await buyerWithOrder(t, { BOXOFFICE_PAYMENT_WINDOW: "15m" });
        await putClock(buyer, offMs);
        const order = await ben.reserve(ticket);
        const page = await buyer.open(`/orders/${order.id}`);
        assert.ok(Math.abs((await page.evaluate(() => Date.now())) - Date.now() - offMs) < 60_000, "the clock is off");
        const shown = secondsOf(await page.locator("[data-countdown]").innerText());
        const { expiresInSeconds } = await ben.get(`/api/orders/${order.id}`);
        assert.ok(Math.abs(shown - expiresInSeconds) <= 2, `${shown} s are shown, ${expiresInSeconds} s are left`);
        await eventually("it counts down", async () => secondsOf(await page.locator("[data-countdown]").innerText()) < shown);
        buyer.assertContent();
    });
}

test("without JavaScript the page says about how long, and what to do afterwards", async (t) => {
    const { buyer, ben, ticket } = await buyerWithOrder(t, { BOXOFFICE_PAYMENT_WINDOW: "2s" }, { javaScriptEnabled: false });
    const order = await ben.reserve(ticket);
    const page = await buyer.open(`/orders/${order.id}`);
    assert.match(await page.locator("[data-countdown]").innerText(), /second|minute/);
    await eventually("it is released", async () => (await ben.get(`/api/orders/${order.id}`)).status === "cancelled");
    await page.reload();
    assert.equal(await page.locator('[data-order][data-status="cancelled"]').count(), 1);
    buyer.assertContent();
});
