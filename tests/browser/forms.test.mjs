// Forms: errors in place, nothing done twice, nothing lost; and cards that are declined.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startService } from "./support/processes.mjs";
import { Account, PASSWORD } from "./support/stage.mjs";
import { ORDER, TICKET, submit } from "./support/steps.mjs";
import { Visitor, startBrowser } from "./support/visitor.mjs";

const BOTH = [true, false];
const named = (javaScriptEnabled) => (javaScriptEnabled ? "with JavaScript" : "without JavaScript");

async function shop(t, options) {
    const service = await startService(t);
    const browser = await startBrowser(t);
    const seller = await Visitor.come(t, browser, service.address);
    const buyer = await Visitor.come(t, browser, service.address, options);
    return { service, browser, seller, buyer, ann: await Account.signUp(seller.context, "ann@example.com") };
}

for (const javaScriptEnabled of BOTH) {
    test(`a declined card and a second one, ${named(javaScriptEnabled)}`, async (t) => {
        const { buyer, ann } = await shop(t, { javaScriptEnabled, expects: [402] });
        const ben = await Account.signUp(buyer.context, "ben@example.com");
        const order = await ben.reserve(await ann.sell("Opening night", 19.99));
        const page = await buyer.open(`/orders/${order.id}`);
        await page.locator('form#pay button[value="tok_chargeDeclined"]').click();
        const alert = page.locator("main [role=alert]").first();
        await alert.waitFor();
        assert.match(await alert.innerText(), /declined/i);
        assert.equal(await page.locator("[data-countdown]").count(), 1, "the time left is in sight");
        await page.locator('form#pay button[value="tok_visa"]').click();
        await page.locator('[data-order][data-status="complete"]').waitFor();
        assert.equal(await page.locator("main [role=alert]").count(), 0, "the decline is over");
        assert.equal((await ben.get(`/api/orders/${order.id}`)).status, "complete");
        buyer.assertContent();
    });

    test(`what is wrong is said beside its field, ${named(javaScriptEnabled)}`, async (t) => {
        const { buyer } = await shop(t, { javaScriptEnabled, expects: [400, 409, 401] });
        const page = await buyer.open("/sign-up");
        const [email, password] = [page.getByLabel("E-mail"), page.getByLabel("Password")];
        const form = page.locator("form", { has: password });
        await email.fill("ben@example.com");
        await password.fill("passwort");
        // Without the browser's own checks, which would say it first.
        await form.evaluate((element) => (element.noValidate = true)).catch(() => {});
        await form.getByRole("button").first().click();
        await page.locator("[aria-invalid=true]").waitFor();
        const described = await password.getAttribute("aria-describedby");
        const words = await page.locator(`#${described.split(" ").find((id) => id.endsWith("-error"))}`).innerText();
        assert.match(words, /common|password|guess/i);
        assert.equal(await email.inputValue(), "ben@example.com");
        if (javaScriptEnabled) assert.ok(await password.evaluate((element) => element === document.activeElement), "where to go on");
        else assert.equal(await password.inputValue(), "", "a password is never sent back");
        await email.fill("ann@example.com");
        await password.fill(PASSWORD);
        await form.getByRole("button").first().click();
        await page.getByText(/already|taken|in use/i).first().waitFor();
        await email.fill("ben@example.com");
        await password.fill(PASSWORD);
        await submit(page, form, /\/$/);
        buyer.assertContent();
    });

    test(`pressed twice, a ticket is reserved once, ${named(javaScriptEnabled)}`, async (t) => {
        const { buyer, ann } = await shop(t, { javaScriptEnabled });
        const ben = await Account.signUp(buyer.context, "ben@example.com");
        const ticket = await ann.sell("Opening night", 19.99);
        const page = await buyer.open(`/tickets/${ticket.id}`);
        await page.locator('form[action$="/reserve"] button').first().dblclick();
        await page.waitForURL(ORDER);
        assert.equal((await ben.get("/api/orders")).length, 1);
        buyer.assertContent();
    });
}

test("a ticket that somebody else was faster to reserve", async (t) => {
    const { service, browser, buyer, ann } = await shop(t, { javaScriptEnabled: false, expects: [409] });
    await Account.signUp(buyer.context, "ben@example.com");
    const other = await Visitor.come(t, browser, service.address);
    const eve = await Account.signUp(other.context, "eve@example.com");
    const ticket = await ann.sell("Opening night", 19.99);
    const page = await buyer.open(`/tickets/${ticket.id}`);
    await eve.reserve(ticket);
    await page.locator('form[action$="/reserve"] button').first().click();
    await page.locator("main [role=alert]").waitFor();
    assert.equal(await page.locator('[data-ticket][data-status="reserved"]').count(), 1);
    buyer.assertContent();
});

for (const javaScriptEnabled of BOTH) {
    test(`whoever was signed out meanwhile is led to sign in, and back, ${named(javaScriptEnabled)}`, async (t) => {
        const { buyer, ann } = await shop(t, { javaScriptEnabled, expects: [401] });
        const ben = await Account.signUp(buyer.context, "ben@example.com");
        const order = await ben.reserve(await ann.sell("Opening night", 19.99));
        const page = await buyer.context.newPage();
        // Once a live page has caught up it asks for nothing by itself; it would go to sign in without being pressed.
        const isLive = (answer) => answer.request().resourceType() === (javaScriptEnabled ? "fetch" : "document");
        const caughtUp = page.waitForResponse(isLive).then((answer) => answer.finished());
        await page.goto(`/orders/${order.id}`);
        await caughtUp;
        await buyer.context.clearCookies();
        await page.locator('form#pay button[value="tok_visa"]').click();
        await page.getByRole("main").getByText("You are not signed in").waitFor();
        if (javaScriptEnabled) assert.equal(await page.locator("[data-countdown]").count(), 1, "the order is still in sight");
        await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
        await page.getByLabel("E-mail").fill("ben@example.com");
        await page.getByLabel("Password").fill(PASSWORD);
        await submit(page, page.locator('form[action="/sign-in"]'), ORDER);
        await page.locator('form#pay button[value="tok_visa"]').click();
        await page.locator('[data-order][data-status="complete"]').waitFor();
        buyer.assertContent();
    });
}

test("what a seller typed stays while they sign in once more", async (t) => {
    const { buyer } = await shop(t, { expects: [401] });
    const ben = await Account.signUp(buyer.context, "ben@example.com");
    const page = await buyer.open("/tickets/new");
    await page.getByLabel("Title").fill("Opening night");
    await page.getByLabel("Price").fill("12,5");
    await buyer.context.clearCookies();
    await page.locator('form[action="/tickets"] button').click();
    const [aside] = await Promise.all([page.waitForEvent("popup"), page.getByRole("alert").getByRole("link").click()]);
    await aside.getByLabel("E-mail").fill("ben@example.com");
    await aside.getByLabel("Password").fill(PASSWORD);
    await submit(aside, aside.locator('form[action="/sign-in"]'), /\/$/);
    await submit(page, page.locator('form[action="/tickets"]'), TICKET);
    const [ticket] = await ben.get("/api/tickets");
    assert.deepEqual([ticket.title, ticket.price], ["Opening night", 12.5]);
    buyer.assertContent();
});

/** On the page of a ticket whose reserving arrives, but nobody hears of it. */
async function deafBuyer(t, { hearsEvents }) {
    const { buyer, ann } = await shop(t);
    const ben = await Account.signUp(buyer.context, "ben@example.com");
    const ticket = await ann.sell("Opening night", 19.99);
    const page = await buyer.context.newPage();
    if (!hearsEvents) await page.route("**/api/events?*", (route) => route.abort());
    await page.route("**/reserve", async (route) => {
        await route.fetch({ maxRedirects: 0 });
        await route.abort();
    }, { times: 1 });
    await page.goto(`/tickets/${ticket.id}`);
    await page.locator('form[action$="/reserve"]').getByRole("button").click();
    return { buyer, ben, page };
}

const withoutAborted = (faults) => faults.filter((fault) => !fault.includes("net::ERR_FAILED"));

test("a form whose answer never comes can be sent again, and is done once", async (t) => {
    const { buyer, ben, page } = await deafBuyer(t, { hearsEvents: false });
    await page.locator("main [role=alert]").waitFor();
    assert.equal((await ben.get("/api/orders")).length, 1);
    await page.locator('form[action$="/reserve"]').getByRole("button").click();
    await page.waitForURL(ORDER);
    assert.equal((await ben.get("/api/orders")).length, 1);
    buyer.faults = withoutAborted(buyer.faults);
    buyer.assertContent();
});

test("what a form did whose answer never comes is seen nevertheless", async (t) => {
    const { buyer, page } = await deafBuyer(t, { hearsEvents: true });
    await page.getByRole("link", { name: "Go to your order" }).click();
    await page.waitForURL(ORDER);
    buyer.faults = withoutAborted(buyer.faults);
    buyer.assertContent();
});
