// What sellers do with their tickets, and everybody with their account, with JavaScript and without it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startService } from "./support/processes.mjs";
import { Account, PASSWORD } from "./support/stage.mjs";
import { TICKET, submit } from "./support/steps.mjs";
import { Visitor, startBrowser } from "./support/visitor.mjs";

const NEW_PASSWORD = "green tricycle";
const BOTH = [true, false];
const named = (javaScriptEnabled) => (javaScriptEnabled ? "with JavaScript" : "without JavaScript");

async function seller(t, options) {
    const service = await startService(t);
    const browser = await startBrowser(t);
    const visitor = await Visitor.come(t, browser, service.address, options);
    const ann = await Account.signUp(visitor.context, "ann@example.com");
    return { service, browser, visitor, ann };
}

test("a change that somebody else was faster with stands beside what was typed", async (t) => {
    const { visitor, ann } = await seller(t, { expects: [412] });
    const ticket = await ann.sell("Opening night", 5, { startsAt: "2031-12-31T20:00:00Z" });
    const page = await visitor.open(`/tickets/${ticket.id}/edit`);
    await ann.call("PUT", `/api/tickets/${ticket.id}`, { title: "Opening night", price: 50, startsAt: "2031-12-30T20:00:00Z" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("It was changed meanwhile").waitFor();
    assert.equal(await page.locator("#price-now").innerText(), "Now: US$50.00");
    assert.equal(await page.locator("#startsAt-now").innerText(), "Now: 30 Dec 2031, 21:00 CET");
    assert.equal(await page.locator("#title-now").count(), 0);
    const [price, unit] = await Promise.all([page.getByLabel("Price"), page.locator(".unit")].map((part) => part.boundingBox()));
    const isWithin = price.y <= unit.y && unit.y + unit.height <= price.y + price.height;
    assert.ok(isWithin, `the currency is in the field of the price: ${JSON.stringify([price, unit])}`);
    await submit(page, page.locator(`form[action="/tickets/${ticket.id}"]`), TICKET);
    assert.equal((await ann.get(`/api/tickets/${ticket.id}`)).price, 5);
    visitor.assertContent();
});

for (const javaScriptEnabled of BOTH) {
    test(`a ticket is posted, changed, taken off sale, put back and withdrawn, ${named(javaScriptEnabled)}`, async (t) => {
        const { visitor, ann } = await seller(t, { javaScriptEnabled });
        const page = await visitor.open("/tickets/new");
        await page.getByLabel("Title").fill("Opening night");
        await page.getByLabel("Price").fill("19.99");
        // In Berlin, where this visitor is, or in UTC where no script knows that.
        await page.getByLabel("Begins").fill("2031-12-31T21:00");
        await submit(page, page.locator('form[action="/tickets"]'), TICKET);
        const path = new URL(page.url()).pathname;
        const posted = await ann.get(`/api${path}`);
        assert.equal(posted.startsAt, javaScriptEnabled ? "2031-12-31T20:00:00.000Z" : "2031-12-31T21:00:00.000Z");

        await page.getByRole("link", { name: "Change it" }).click();
        await page.waitForURL(/\/edit$/);
        assert.equal(await page.getByLabel("Begins").inputValue(), "2031-12-31T21:00");
        await page.getByLabel("Price").fill("25");
        await submit(page, page.locator(`form[action="${path}"]`), TICKET);
        const changed = await ann.get(`/api${path}`);
        assert.deepEqual([changed.price, changed.startsAt], [25, posted.startsAt], "and nothing else");

        for (const [button, status] of [["Take it off sale", "frozen"], ["Put it back on sale", "available"]]) {
            await page.getByRole("button", { name: button }).click();
            await page.locator(`[data-ticket][data-status="${status}"]`).waitFor();
        }
        await page.getByText("Withdraw it", { exact: true }).click();
        await page.getByRole("button", { name: "Withdraw it for good" }).click();
        await page.waitForURL(/\/selling/);
        assert.equal(await page.locator("[data-ticket]").count(), 0);
        visitor.assertContent();
    });

    test(`sessions, the password and the account, ${named(javaScriptEnabled)}`, async (t) => {
        const { service, browser, visitor } = await seller(t, { javaScriptEnabled, expects: [400, 401, 403] });
        const other = await Visitor.come(t, browser, service.address, { javaScriptEnabled });
        const elsewhere = await other.open("/sign-in");
        await elsewhere.getByLabel("E-mail").fill("ann@example.com");
        await elsewhere.getByLabel("Password").fill(PASSWORD);
        await submit(elsewhere, elsewhere.locator('form[action="/sign-in"]'), /\/$/);

        const page = await visitor.open("/account");
        await page.getByRole("button", { name: "End it" }).click();
        await page.waitForURL(/done=session/);
        await elsewhere.goto("/account");
        await elsewhere.waitForURL(/\/sign-in/);

        const password = page.locator('form[action="/account/password"]');
        await password.getByLabel("Current password").fill("not the password");
        await password.getByLabel("New password").fill(NEW_PASSWORD);
        await password.getByRole("button").click();
        await page.locator('main [role=alert], main [aria-invalid="true"]').first().waitFor();
        await password.getByLabel("Current password").fill(PASSWORD);
        await password.getByLabel("New password").fill(NEW_PASSWORD);
        await submit(page, password, /done=password/);

        const deletion = page.locator('form[action="/account/delete"]');
        await deletion.getByLabel("Password").fill(NEW_PASSWORD);
        await submit(page, deletion, /done=deleted/);
        assert.equal(await page.getByRole("link", { name: "Sign in" }).count(), 1);
        visitor.assertContent();
        other.assertContent();
    });

    test(`signing out, ${named(javaScriptEnabled)}`, async (t) => {
        const { visitor } = await seller(t, { javaScriptEnabled });
        const page = await visitor.open("/selling");
        await page.getByRole("button", { name: "Sign out" }).click();
        await page.waitForURL(/done=signed-out/);
        await page.goto("/selling");
        await page.waitForURL(/\/sign-in\?next=/);
        visitor.assertContent();
    });
}
