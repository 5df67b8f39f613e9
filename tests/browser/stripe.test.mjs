// Paying by Stripe's form, against the stand-in for Stripe.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startServiceWithStripe } from "./support/processes.mjs";
import { Account } from "./support/stage.mjs";
import { STRIPES_ORIGINS, meetStripe } from "./support/stripe_pages.mjs";
import { Visitor, startBrowser } from "./support/visitor.mjs";
import { eventually } from "./support/wait.mjs";

/** A buyer on the page of an order that can be paid. */
async function buyerWithOrder(t, { expects = [], ...options } = {}) {
    const { service, stripe } = await startServiceWithStripe(t);
    const browser = await startBrowser(t);
    const seller = await Visitor.come(t, browser, service.address);
    const buyer = await Visitor.come(t, browser, service.address, { expects, ...options });
    const ann = await Account.signUp(seller.context, "ann@example.com");
    const ben = await Account.signUp(buyer.context, "ben@example.com");
    const order = await ben.reserve(await ann.sell("Opening night", 19.99));
    const bank = await meetStripe(buyer, stripe.address);
    return { buyer, ben, order, stripe, bank };
}

async function enterCard(page, card) {
    await page.frameLocator("#stripe-payment iframe").getByLabel("Card").fill(card);
}

const pay = (page) => page.locator("#stripe-payment button").click();

async function violations(stripe) {
    return (await fetch(`${stripe.address}/_control/violations`)).json();
}

test("a declined card, and then a good one", async (t) => {
    const { buyer, ben, order, stripe } = await buyerWithOrder(t, { expects: [402] });
    const page = await buyer.open(`/orders/${order.id}`);
    await enterCard(page, "pm_card_chargeDeclinedInsufficientFunds");
    assert.match(await page.locator("#stripe-payment button").innerText(), /19\.99/);
    const frame = await page.locator("#stripe-payment iframe").elementHandle();
    await pay(page);
    const alert = page.locator("main [role=alert]").first();
    await alert.waitFor();
    assert.match(await alert.innerText(), /declined/);
    assert.equal(new URL(page.url()).pathname, `/orders/${order.id}`);
    assert.equal(await page.locator("[data-countdown]").count(), 1, "the time left stays in sight");
    await eventually("the page knows of the decline as well", async () => (await page.getByText("The last payment was declined").count()) === 1);
    assert.ok(await frame.evaluate((element) => element.isConnected), "what was typed stays");
    await enterCard(page, "pm_card_visa");
    await pay(page);
    await page.locator('[data-order][data-status="complete"]').waitFor();
    assert.equal(await page.locator("#stripe-payment").count(), 0);
    assert.equal((await ben.get(`/api/orders/${order.id}`)).status, "complete");
    buyer.assertContent({ origins: STRIPES_ORIGINS });
    assert.deepEqual(await violations(stripe), []);
});

test("an attempt that came to its end while the buyer typed is begun anew", async (t) => {
    const { buyer, ben, order } = await buyerWithOrder(t, { expects: [400, 402, 503] });
    const page = await buyer.open(`/orders/${order.id}`);
    // What the service and Stripe say then, once each, whatever it is that came first.
    const once = [
        ["**/payment-intent", { status: 503, headers: { "Retry-After": "1" }, json: { title: "Ask again", status: 503 } }],
        ["**/payment-intent", { status: 402, json: { title: "Declined", status: 402 } }],
        ["https://api.stripe.com/**/confirm", { status: 400, json: { error: { code: "payment_intent_unexpected_state" } } }],
    ];
    for (const [address, answer] of once) {
        const headers = { ...answer.headers, "Access-Control-Allow-Origin": buyer.base };
        await page.route(address, (route) => route.fulfill({ ...answer, headers }), { times: 1 });
    }
    await enterCard(page, "pm_card_visa");
    await pay(page);
    await page.locator('[data-order][data-status="complete"]').waitFor();
    assert.equal((await ben.get(`/api/orders/${order.id}/payments`)).length, 1);
    buyer.assertContent({ origins: STRIPES_ORIGINS });
});

test("looking at the page begins no payment, and an incomplete card neither", async (t) => {
    const { buyer, ben, order } = await buyerWithOrder(t);
    const page = await buyer.open(`/orders/${order.id}`);
    await page.frameLocator("#stripe-payment iframe").getByLabel("Card").waitFor();
    await pay(page);
    await eventually("the form can be sent again", async () => !(await page.locator(".stripe-form[aria-busy]").count()));
    assert.equal((await ben.get(`/api/orders/${order.id}`)).status, "created");
    assert.deepEqual(await ben.get(`/api/orders/${order.id}/payments`), []);
    buyer.assertContent({ origins: ["https://js.stripe.com"] });
});

test("pressed twice, it is paid once", async (t) => {
    const { buyer, ben, order } = await buyerWithOrder(t);
    const page = await buyer.open(`/orders/${order.id}`);
    await enterCard(page, "pm_card_visa");
    await page.locator("#stripe-payment button").dblclick();
    await page.locator('[data-order][data-status="complete"]').waitFor();
    assert.equal((await ben.get(`/api/orders/${order.id}/payments`)).length, 1);
    buyer.assertContent({ origins: STRIPES_ORIGINS });
});

for (const approves of [true, false]) {
    test(`back from the bank, which ${approves ? "approved" : "did not approve"}`, async (t) => {
        const { buyer, ben, order, bank } = await buyerWithOrder(t);
        bank.approves = approves;
        const page = await buyer.open(`/orders/${order.id}`);
        await enterCard(page, "pm_card_threeDSecure2Required");
        await pay(page);
        await page.locator("#back").click();
        await page.locator("[data-order]").waitFor();
        await eventually("the secret is not in the address any more", () => !page.url().includes("secret"));
        assert.equal(new URL(page.url()).pathname, `/orders/${order.id}`);
        if (approves) {
            await page.locator('[data-order][data-status="complete"]').waitFor();
        } else {
            const alert = page.locator("main [role=alert]").first();
            await alert.waitFor();
            assert.match(await alert.innerText(), /unable to authenticate|declined/);
            await enterCard(page, "pm_card_visa");
            await pay(page);
            await page.locator('[data-order][data-status="complete"]').waitFor();
        }
        assert.equal((await ben.get(`/api/orders/${order.id}`)).status, "complete");
        buyer.assertContent({ origins: [...STRIPES_ORIGINS, "https://hooks.stripe.com"] });
    });
}

test("Stripe's script cannot be had", async (t) => {
    const { buyer, order } = await buyerWithOrder(t);
    await buyer.context.route("https://js.stripe.com/v3/", (route) => route.abort());
    const page = await buyer.open(`/orders/${order.id}`);
    const alert = page.locator("#stripe-payment [role=alert]");
    await alert.waitFor();
    assert.match(await alert.innerText(), /could not be loaded/);
    await buyer.context.unroute("https://js.stripe.com/v3/");
    const script = /Failed to load resource: net::ERR_FAILED/;
    buyer.faults = buyer.faults.filter((fault) => !script.test(fault));
    buyer.assertContent({ origins: ["https://js.stripe.com"] });
});

test("without JavaScript the page says that it is needed", async (t) => {
    const { buyer, order } = await buyerWithOrder(t, { javaScriptEnabled: false });
    const page = await buyer.open(`/orders/${order.id}`);
    assert.match(await page.locator("main").innerText(), /JavaScript/);
    buyer.assertContent();
});

test("no other page lets Stripe in", async (t) => {
    const { buyer, order } = await buyerWithOrder(t);
    const policy = async (path) => (await buyer.context.request.get(path)).headers()["content-security-policy"];
    assert.match(await policy(`/orders/${order.id}`), /https:\/\/js\.stripe\.com/);
    for (const path of ["/", "/orders", `/tickets/${order.ticket.id}`, "/account", "/selling"]) {
        assert.doesNotMatch(await policy(path), /stripe/, path);
    }
});
