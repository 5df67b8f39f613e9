// The storefront on three replicas: what one did the others show, and whoever is behind says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startCluster } from "./support/processes.mjs";
import { Account } from "./support/stage.mjs";
import { ORDER } from "./support/steps.mjs";
import { Visitor, startBrowser } from "./support/visitor.mjs";
import { eventually } from "./support/wait.mjs";

test("a ticket that is reserved on one replica is so at once on another, also under one's eyes", async (t) => {
    const [first, second, third] = await startCluster(t);
    const browser = await startBrowser(t);
    const seller = await Visitor.come(t, browser, first.address);
    // Nobody has told this one of the ticket, so that it may not have it yet.
    const visitor = await Visitor.come(t, browser, second.address, { expects: [404] });
    const buyer = await Visitor.come(t, browser, third.address);
    const ann = await Account.signUp(seller.context, "ann@example.com");
    const ben = await Account.signUp(buyer.context, "ben@example.com");
    const ticket = await ann.sell("Opening night", 19.99);
    const watched = await visitor.context.newPage();
    await eventually("it is there", async () => (await watched.goto(`/tickets/${ticket.id}`)).status() === 200);
    const page = await buyer.open(`/tickets/${ticket.id}`);
    await page.locator('form[action$="/reserve"]').getByRole("button").first().click();
    await page.waitForURL(ORDER);
    await watched.locator('[data-ticket][data-status="reserved"]').waitFor();
    // The cookie is good on all of them, and says how much the buyer has seen.
    const elsewhere = await page.goto(first.address + new URL(page.url()).pathname);
    assert.equal(elsewhere.status(), 200);
    assert.equal(await page.locator('[data-order][data-status="created"]').count(), 1);
    await page.locator('form#pay button[value="tok_visa"]').click();
    await page.locator('[data-order][data-status="complete"]').waitFor();
    await watched.locator('[data-ticket][data-status="sold"]').waitFor();
    assert.equal((await ben.get("/api/orders")).length, 1);
    visitor.assertContent();
    buyer.assertContent({ origins: [first.address] });
});

test("a replica that hears from nobody says how old what it shows is", async (t) => {
    const [alone, ...others] = await startCluster(t);
    const browser = await startBrowser(t);
    const seller = await Visitor.come(t, browser, alone.address);
    await (await Account.signUp(seller.context, "ann@example.com")).sell("Opening night", 19.99);
    const visitor = await Visitor.come(t, browser, alone.address);
    const page = await visitor.open("/");
    assert.equal(await page.locator(".stale").count(), 0);
    others.forEach((replica) => replica.signal("SIGSTOP"));
    await eventually("it says so", async () => {
        await page.reload();
        return (await page.locator(".stale").count()) === 1;
    });
    assert.match(await page.locator(".stale").innerText(), /\d+ (seconds?|minutes?)/);
    assert.equal(await page.locator("[data-ticket]").count(), 1, "what it has it shows");
    others.forEach((replica) => replica.signal("SIGCONT"));
    await eventually("it is up to date again", async () => {
        await page.reload();
        return (await page.locator(".stale").count()) === 0;
    });
    visitor.assertContent();
});
