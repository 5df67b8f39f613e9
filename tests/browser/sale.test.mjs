// A full sale between two visitors in two windows, with JavaScript and without it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startService } from "./support/processes.mjs";
import { ORDER, TICKET, fillSignUp, signUp, submit } from "./support/steps.mjs";
import { Visitor, startBrowser } from "./support/visitor.mjs";

for (const javaScriptEnabled of [true, false]) {
    test(`a sale ${javaScriptEnabled ? "with" : "without"} JavaScript`, async (t) => {
        const service = await startService(t);
        const browser = await startBrowser(t);
        const come = () => Visitor.come(t, browser, service.address, { javaScriptEnabled });
        const [seller, buyer] = [await come(), await come()];
        // What somebody else did is seen by itself, or by whoever looks again.
        const shown = async (page, selector) => {
            if (!javaScriptEnabled) await page.reload();
            await page.locator(selector).first().waitFor();
        };

        const sells = await seller.context.newPage();
        await signUp(sells, "ann@example.com", /\/$/);
        await sells.goto("/tickets/new");
        await sells.getByLabel("Title").fill("Opening <night> & day");
        await sells.getByLabel("Price").fill("19.99");
        await sells.getByLabel("Venue").fill("Town Hall");
        await submit(sells, sells.locator('form[action="/tickets"]'), TICKET);
        const ticket = new URL(sells.url()).pathname;

        const buys = await buyer.open("/");
        await buys.locator('input[name="keyword"]').fill("opening");
        await submit(buys, buys.locator("form", { has: buys.locator('input[name="keyword"]') }), /keyword=opening/);
        await buys.getByRole("link", { name: "Opening <night> & day" }).click();
        await buys.waitForURL(TICKET);
        assert.equal(new URL(buys.url()).pathname, ticket);
        // Whoever is not signed in is led there, and back.
        const main = buys.getByRole("main");
        await main.getByRole("link", { name: "Sign in to reserve it" }).click();
        await buys.waitForURL(/\/sign-in/);
        await main.getByRole("link", { name: "Sign up" }).click();
        await buys.waitForURL(/\/sign-up/);
        await fillSignUp(buys, "ben@example.com", TICKET);
        assert.equal(new URL(buys.url()).pathname, ticket);
        await submit(buys, buys.locator(`form[action="${ticket}/reserve"]`), ORDER);
        await shown(sells, '[data-ticket][data-status="reserved"]');

        assert.equal(await buys.locator("[data-countdown]").count(), 1);
        await buys.locator('form#pay button[value="tok_visa"]').click();
        await buys.locator('[data-order][data-status="complete"]').waitFor();
        await shown(sells, '[data-ticket][data-status="sold"]');
        await buys.goto("/orders");
        assert.equal(await buys.locator('[data-order][data-status="complete"]').count(), 1);
        await sells.goto("/selling");
        assert.equal(await sells.getByRole("listitem").filter({ hasText: "Opening <night> & day" }).getByText("Sold", { exact: true }).count(), 1);
        await buys.goto("/");
        assert.equal(await buys.locator("[data-ticket]").count(), 0);
        seller.assertContent();
        buyer.assertContent();
    });
}
