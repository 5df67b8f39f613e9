// Follows events as others do: a real browser's EventSource, the npm package of that name, and the CloudEvents SDK, which
// parses whatever comes. Says on standard output, a line each, who was sent what; ends when standard input does.
import { CloudEvent, HTTP } from "cloudevents";
import { EventSource } from "eventsource";
import { chromium } from "playwright-core";

const base = process.argv[2];
const address = `${base}/api/events`;

function say(client, message) {
    // Strict: it throws if anything is not as CloudEvents 1.0 has it.
    const parsed = new CloudEvent(JSON.parse(message.data), true);
    const received = HTTP.toEvent({
        headers: { "content-type": "application/cloudevents+json; charset=utf-8" },
        body: message.data,
    });
    console.log(JSON.stringify({
        client,
        lastEventId: message.lastEventId,
        id: parsed.id,
        type: received.type,
        source: received.source,
        subject: received.subject,
        time: received.time,
        sequence: parsed.sequence,
        version: parsed.data.version,
    }));
}

// What every page has to do whose stream may meet a replica that is just opening: a browser gives up on any answer but 200.
function follow(makeSource, each) {
    let last;
    const open = () => {
        const source = makeSource(last);
        source.onmessage = (message) => {
            last = message.lastEventId;
            each({ data: message.data, lastEventId: message.lastEventId });
        };
        source.onerror = () => {
            if (source.readyState === 2) setTimeout(open, 200);
        };
    };
    open();
}

follow((last) => new EventSource(last ? `${address}?after=${last}` : address), (message) => say("package", message));

const browser = await chromium.launch({
    executablePath: process.env.BOXOFFICE_BROWSER_CHROMIUM,
    args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    chromiumSandbox: false,
});
const page = await browser.newPage();
await page.exposeFunction("say", (message) => say("browser", message));
await page.goto(`${base}/docs`);
await page.evaluate(`(${follow})((last) => new EventSource(last ? "/api/events?after=" + last : "/api/events"), window.say)`);

process.stdin.resume();
process.stdin.on("end", async () => {
    await browser.close();
    process.exit(0);
});
