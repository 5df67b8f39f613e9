// A sale by nothing but keys.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startService } from "./support/processes.mjs";
import { Account, PASSWORD } from "./support/stage.mjs";
import { ORDER, TICKET } from "./support/steps.mjs";
import { Visitor, startBrowser } from "./support/visitor.mjs";

/** More stops than any page has. */
const MAX_STOPS = 80;

/** Goes to the element by Tab alone; each stop on the way shows where one is. */
async function tabTo(page, target) {
    await target.waitFor();
    for (let stop = 0; stop < MAX_STOPS; stop++) {
        if (await target.evaluate((element) => element === document.activeElement)) return;
        await page.keyboard.press("Tab");
        const seen = await page.evaluate(() => {
            const focused = document.activeElement;
            if (!focused || focused === document.body) return "";
            // A card shows it around all of it, by what its link is followed by.
            const styles = [getComputedStyle(focused), getComputedStyle(focused, "::after")];
            const isShown = styles.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0);
            const { width, height } = focused.getBoundingClientRect();
            return isShown && width > 0 && height > 0 ? "" : focused.outerHTML;
        });
        assert.equal(seen, "", "the focus is shown");
    }
    assert.fail(`not reached by Tab: ${target}`);
}

async function press(page, target, leadsTo) {
    await tabTo(page, target);
    await page.keyboard.press("Enter");
    await page.waitForURL(leadsTo);
}

async function type(page, target, text) {
    await tabTo(page, target);
    await page.keyboard.type(text);
}

test("a sale by keys alone", async (t) => {
    const service = await startService(t);
    const browser = await startBrowser(t);
    const seller = await Visitor.come(t, browser, service.address);
    const ann = await Account.signUp(seller.context, "ann@example.com");
    for (const title of ["Matinee", "Opening night", "Swan Lake"]) await ann.sell(title, 19.99);
    const visitor = await Visitor.come(t, browser, service.address);
    const page = await visitor.open("/");

    await page.keyboard.press("Tab");
    const skip = page.locator('a[href="#main"]');
    assert.ok(await skip.evaluate((element) => element === document.activeElement), "the first stop leads past the navigation");
    await page.keyboard.press("Enter");
    const first = page.locator("main").locator("a, button, input, select").first();
    await page.keyboard.press("Tab");
    assert.ok(await first.evaluate((element) => element === document.activeElement), "and does");

    await page.goto("/sign-up");
    await type(page, page.getByLabel("E-mail"), "ben@example.com");
    await type(page, page.getByLabel("Password"), PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/$/);
    await press(page, page.getByRole("link", { name: "Opening night" }), TICKET);
    await press(page, page.locator('form[action$="/reserve"]').getByRole("button").first(), ORDER);
    await tabTo(page, page.locator('form#pay button[value="tok_visa"]'));
    await page.keyboard.press("Space");
    await page.locator('[data-order][data-status="complete"]').waitFor();
    visitor.assertContent();
});
