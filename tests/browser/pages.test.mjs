// Every page in every state: valid, accessible, of one width with its window, without an error, and photographed.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { faultsOfHtml, graveFindings } from "./support/page_checks.mjs";
import { startService } from "./support/processes.mjs";
import { stage } from "./support/stage.mjs";
import { Visitor, startBrowser } from "./support/visitor.mjs";

const SCREENSHOTS = process.env.BOXOFFICE_BROWSER_SCREENSHOTS;
const WIDTHS = [360, 1280];
/** The narrowest that has to do, which is 1280 px enlarged four times. */
const NARROWEST = 320;
const MAX_DESCRIPTION_CHARS = 300;

async function look(visitor, { name, path }, scheme) {
    const page = await visitor.context.newPage();
    const answer = await page.goto(path);
    assert.equal(answer.status(), name === "not-found" ? 404 : 200, `${name}: ${path}`);
    assert.deepEqual(await graveFindings(page), [], `${name}, ${scheme}`);
    for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}-${scheme}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: NARROWEST, height: 800 });
    const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(scrolled <= NARROWEST, `${name} is ${scrolled} px wide in a window of ${NARROWEST}`);
    await page.close();
}

async function describes(visitor, { name, path }) {
    const page = await visitor.open(path);
    assert.match(await page.title(), /^\S.* – Boxoffice$/, name);
    assert.equal(await page.locator("h1").count(), 1, name);
    assert.equal(await page.locator("html[lang=en]").count(), 1, name);
    for (const landmark of ["banner", "navigation", "main", "contentinfo"]) {
        assert.ok(await page.getByRole(landmark).count(), `${name}: ${landmark}`);
    }
    // What nobody finds by searching needs no description.
    if ((await page.locator('meta[name="robots"][content*="noindex"]').count()) === 0) {
        const description = await page.locator('meta[name="description"]').getAttribute("content");
        assert.ok(description.length > 10 && description.length <= MAX_DESCRIPTION_CHARS, `${name}: ${description}`);
    }
    await page.close();
}

test("every page is valid, accessible and fits", async (t) => {
    await mkdir(SCREENSHOTS, { recursive: true });
    const service = await startService(t);
    const browser = await startBrowser(t);
    const pages = await stage(browser, service.address);
    for (const page of pages) {
        await t.test(page.name, async (t) => {
            const settings = { storageState: page.session, expects: page.name === "not-found" ? [404] : [] };
            for (const scheme of ["light", "dark"]) {
                const visitor = await Visitor.come(t, browser, service.address, { ...settings, colorScheme: scheme });
                if (scheme === "light") {
                    const answer = await visitor.context.request.get(page.path, { headers: { Accept: "text/html" } });
                    assert.deepEqual(await faultsOfHtml(await answer.text()), []);
                    await describes(visitor, page);
                }
                await look(visitor, page, scheme);
                visitor.assertContent();
            }
        });
    }
});

test("times name their zone, and the foot of the page the visitor's", async (t) => {
    const service = await startService(t);
    const browser = await startBrowser(t);
    const pages = await stage(browser, service.address);
    const { path } = pages.find(({ name }) => name === "ticket");
    for (const [javaScriptEnabled, shown, zone] of [[true, "31 Dec 2031, 21:00 CET", "Europe/Berlin"], [false, "Wed 31 Dec 2031, 20:00 UTC", "UTC"]]) {
        const visitor = await Visitor.come(t, browser, service.address, { javaScriptEnabled });
        const page = await visitor.open(path);
        assert.equal(await page.locator("main time").innerText(), shown);
        assert.match(await page.getByRole("contentinfo").innerText(), new RegExp(`Times are in ${zone}\\.`));
        visitor.assertContent();
    }
});

test("fields beside each other stay in line when one of them is wrong", async (t) => {
    const service = await startService(t);
    const visitor = await Visitor.come(t, await startBrowser(t), service.address, { expects: [400] });
    const page = await visitor.open("/?minPrice=abc");
    for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        const [from, to] = await Promise.all(["Price from", "Price to"].map((label) => page.getByLabel(label).boundingBox()));
        assert.ok(from.x < to.x && from.y === to.y, `${width} px: ${JSON.stringify([from, to])}`);
    }
    const [field, button] = await Promise.all([page.getByLabel("Price to"), page.getByRole("button", { name: "Show" })].map((part) => part.boundingBox()));
    assert.equal(button.y, field.y, "and so does the button");
    visitor.assertContent();
});

test("nothing is on sale yet", async (t) => {
    const service = await startService(t);
    const visitor = await Visitor.come(t, await startBrowser(t), service.address);
    await look(visitor, { name: "home-empty", path: "/" }, "light");
    visitor.assertContent();
});

test("a ticket with a date is described to machines", async (t) => {
    const service = await startService(t);
    const browser = await startBrowser(t);
    const pages = await stage(browser, service.address);
    const visitor = await Visitor.come(t, browser, service.address);
    const page = await visitor.open(pages.find(({ name }) => name === "ticket").path);
    const data = JSON.parse(await page.locator('script[type="application/ld+json"]').textContent());
    assert.equal(data["@context"], "https://schema.org");
    assert.equal(data["@type"], "Event");
    assert.equal(data.name, "Opening night");
    assert.equal(new Date(data.startDate).toISOString(), "2031-12-31T20:00:00.000Z");
    assert.equal(data.location.name, "Town Hall, Main Street 1");
    assert.deepEqual([data.offers["@type"], data.offers.price, data.offers.priceCurrency], ["Offer", "19.99", "USD"]);
    assert.equal(data.offers.availability, "https://schema.org/InStock");
    for (const property of ["og:title", "og:description", "og:type", "og:url"]) {
        assert.ok(await page.locator(`meta[property="${property}"]`).getAttribute("content"), property);
    }
    visitor.assertContent();
});
