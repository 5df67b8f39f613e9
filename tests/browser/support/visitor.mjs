// Somebody with a browser of their own: cookies, windows, and what went wrong in them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { PATIENCE_MS } from "./wait.mjs";

const EXECUTABLE = process.env.BOXOFFICE_BROWSER_CHROMIUM;
/** A browser of a distribution looks for news of its own; whatever it would ask belongs to no test. */
const FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    // Containers have little of it.
    "--disable-dev-shm-usage",
];

/** How the browser is started. As root there is no sandbox; nothing but the pages under test is opened. */
export const LAUNCH = { executablePath: EXECUTABLE, args: FLAGS, chromiumSandbox: false };

/** What a browser says of an answer whose status is an error. Tests that expect one say so. */
const FAILED = /^Failed to load resource: the server responded with a status of (\d{3})/;

/** For whoever is at work on style and scripts: a directory that these are taken from, so that nothing need be built anew. */
const ASSETS = process.env.BOXOFFICE_BROWSER_ASSETS;
const ASSET = /\/assets\/[a-z]+(\.[^/]+)?\.(css|js)$/;

async function serveFile(route) {
    // Scripts that are taken from there import others by names without a hash.
    const parts = new URL(route.request().url()).pathname.split("/").at(-1).split(".");
    await route.fulfill({ path: join(ASSETS, `${parts[0]}.${parts.at(-1)}`) });
}

/** A browser that ends with the test `t`. */
export async function startBrowser(t) {
    const browser = await chromium.launch(LAUNCH);
    t.after(() => browser.close());
    return browser;
}

/** A visitor: a context of a browser in which nothing goes wrong unnoticed. */
export class Visitor {
    constructor(context, base) {
        Object.assign(this, { context, base, faults: [], origins: new Set() });
        this.expected = new Set();
    }

    /** `options` are playwright's of a context; `expects` are statuses of errors that may come. */
    static async come(t, browser, base, { expects = [], ...options } = {}) {
        const context = await browser.newContext({ baseURL: base, locale: "en-GB", timezoneId: "Europe/Berlin", ...options });
        context.setDefaultTimeout(PATIENCE_MS);
        const visitor = new Visitor(context, base);
        expects.forEach((status) => visitor.expected.add(status));
        visitor.watch();
        if (ASSETS) await context.route(ASSET, serveFile);
        t.after(() => context.close());
        return visitor;
    }

    watch() {
        const { context, faults } = this;
        context.on("console", (message) => {
            if (!["error", "warning"].includes(message.type())) return;
            const failed = message.text().match(FAILED);
            if (failed && this.expected.has(Number(failed[1]))) return;
            faults.push(`${message.page()?.url()}: ${message.type()}: ${message.text()}`);
        });
        context.on("weberror", (error) => faults.push(`${error.page()?.url()}: ${error.error().stack}`));
        context.on("request", (request) => {
            const { protocol, origin } = new URL(request.url());
            if (protocol.startsWith("http")) this.origins.add(origin);
        });
        context.on("response", (response) => {
            if (response.status() >= 500 && !this.expected.has(response.status())) {
                faults.push(`${response.request().method()} ${response.url()}: ${response.status()}`);
            }
        });
    }

    /** Another window, on a page of the service. */
    async open(path) {
        const page = await this.context.newPage();
        await page.goto(path);
        return page;
    }

    /** Nothing went wrong: no violation of a policy, no error of a script, no error in a console, no other origin. */
    assertContent({ origins = [] } = {}) {
        assert.deepEqual(this.faults, []);
        assert.deepEqual([...this.origins].sort(), [this.base, ...origins].sort());
    }
}
