// Loads every page of a storefront that runs already, as visitors do whose browsers have nothing stored, and prints as JSON how
// soon each shows something and how many bytes it takes: `node measure.mjs ADDRESS VISITS`. See `scripts/bench --pages`.
import { chromium } from "playwright-core";
import { stage } from "./support/stage.mjs";
import { LAUNCH } from "./support/visitor.mjs";

/** What a page consists of; not what it asks for once it is there, such as its own news. */
const COUNTED = ["Document", "Stylesheet", "Script"];

const [address, visits] = process.argv.slice(2);
const browser = await chromium.launch(LAUNCH);
try {
    const pages = await stage(browser, address);
    const measured = [];
    for (const { name, path, session } of pages) {
        const all = [];
        for (let visit = 0; visit < Number(visits); visit++) all.push(await load(path, session));
        measured.push({ name, firstPaintsMs: all.map(({ paint }) => paint), bytes: Math.max(...all.map(({ bytes }) => bytes)) });
    }
    console.log(JSON.stringify(measured));
} finally {
    await browser.close();
}

async function load(path, session) {
    const context = await browser.newContext({ baseURL: address, storageState: session });
    const page = await context.newPage();
    let bytes = 0;
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.enable");
    const counted = new Set();
    devtools.on("Network.responseReceived", ({ requestId, type }) => COUNTED.includes(type) && counted.add(requestId));
    devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
        if (counted.has(requestId)) bytes += encodedDataLength;
    });
    await page.goto(path, { waitUntil: "load" });
    const paint = await page.evaluate(
        () =>
            new Promise((done) => {
                const observe = (list) => {
                    const first = list.getEntries().find(({ name }) => name === "first-contentful-paint");
                    if (first) done(first.startTime);
                };
                new PerformanceObserver(observe).observe({ type: "paint", buffered: true });
            }),
    );
    await context.close();
    return { paint, bytes };
}
