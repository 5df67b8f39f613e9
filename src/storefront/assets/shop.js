// What the storefront does beyond plain pages: it keeps them current, sends forms without leaving the page, counts down, and
// writes times and prices as the visitor does. The pages are complete without it, so whatever fails here fails to that.
import { all, clockText, localise, secondsLeft, shifted } from "./local.js";

/** Events that pages follow where a region does not say which. */
const TYPES =
    "ticket:created,ticket:updated,ticket:deleted,order:created,order:updated,order:cancelled,order:completed," +
    "payment:created,payment:updated,payment:refunded";
/** How long a form waits for its answer: longer than the service waits for the gateway. */
const FORM_TIMEOUT_MS = 45_000;
/** All who watch a ticket hear of it at once; they ask for the page within this time of each other. */
const REFRESH_SPREAD_MS = 400;
/** The first pause before trying again; it doubles up to the longest. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** How often a replica is asked that is behind what an event has told, or that cannot answer. */
const MAX_TRIES = 8;
/** Seconds left at which whoever does not see the countdown is told. */
const WARNINGS_S = [300, 60];

const pause = (tries) => Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS) * (0.5 + Math.random());

// The time left to pay

const warned = new Set();
let runOut = 0;

function tick() {
    const counting = all(document, "[data-ends]");
    for (const left of counting) {
        const seconds = secondsLeft(left);
        const text = clockText(seconds);
        if (left.textContent !== text) left.textContent = text;
        if (WARNINGS_S.includes(seconds) && !warned.has(seconds)) {
            warned.add(seconds);
            say(`${seconds / 60} min left to pay`);
        }
    }
    if (!counting.some((left) => secondsLeft(left) === 0)) {
        runOut = 0;
    } else if (!refreshTimer && !document.hidden) {
        // The service may need a moment more until it is over there as well.
        refreshSoon(runOut === 0 ? 0 : pause(runOut));
        runOut += 1;
    }
}

// What is said to those who do not look

const made = (tag, properties) => Object.assign(document.createElement(tag), properties);
const voice = made("div", { className: "visually-hidden", role: "status" });

function say(text) {
    // A paragraph of its own is read also if it says the same as the one before.
    voice.replaceChildren(made("p", { textContent: text }));
}

/** What of the live regions is worth saying when it changes, by what it is about. */
function spoken() {
    const things = new Map();
    for (const thing of all(document, "[data-live] [data-ticket], [data-live][data-ticket]")) {
        const text = (part) => thing.querySelector(part)?.textContent.trim() ?? "";
        const words = `${text("h1, h2, h3")}: ${text(".status")}`;
        things.set(thing.dataset.ticket, { thing, state: thing.dataset.status, text: words });
    }
    for (const thing of all(document, "[data-live] [data-announce], [data-live][data-announce]")) {
        const text = thing.textContent.trim().replace(/\s+/g, " ");
        things.set(thing.id || "announced", { thing, state: text, text });
    }
    return things;
}

function sayChanges(before) {
    const changed = [...spoken()].filter(([key, now]) => before.has(key) && before.get(key).state !== now.state);
    for (const [, { thing }] of changed) thing.dataset.changed = "";
    if (changed.length > 0) say(changed.map(([, { text }]) => text).join(". "));
}

// Changing a page to another one, node by node: what stays keeps its focus, and what is typed into it

/** What tells a node from others beside it; what is around a field goes by that. */
function keyOf(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    const field = () => node.querySelector(":scope > :is(input, select, textarea)")?.id;
    const { ticket, order, payment } = node.dataset;
    return node.id || ticket || order || payment || node.getAttribute("name") || node.getAttribute("action") || field() || "";
}

const areAlike = (a, b) => a.nodeName === b.nodeName && a.type === b.type && keyOf(a) === keyOf(b);

/** By a mere refresh a form keeps what was wrong with it. */
const hasFaults = (node) => node.nodeName === "FORM" && node.querySelector('[role="alert"], [aria-invalid="true"]');

function morph(old, wanted, isRefresh = false) {
    if (old.nodeType !== Node.ELEMENT_NODE) {
        if (old.data !== wanted.data) old.data = wanted.data;
        return;
    }
    // Somebody else's, such as the frame in which cards are entered; or under way.
    if (old.hasAttribute("data-keep") || sending.has(old) || (isRefresh && hasFaults(old))) return;
    for (const { name } of [...old.attributes]) if (!wanted.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of wanted.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    const children = [...wanted.childNodes];
    /** The last of the children that are as wanted. */
    let before = null;
    for (const [place, child] of children.entries()) {
        const comesLater = (node) => keyOf(node) && children.slice(place + 1).some((later) => areAlike(node, later));
        let match = before ? before.nextSibling : old.firstChild;
        // What is passed over is removed, so nothing is that comes later.
        while (match && !areAlike(match, child)) match = comesLater(match) ? null : match.nextSibling;
        if (!match) {
            const copy = document.importNode(child, true);
            before = old.insertBefore(copy, before ? before.nextSibling : old.firstChild);
            continue;
        }
        while (match.previousSibling !== before) match.previousSibling.remove();
        before = match;
        morph(match, child, isRefresh);
    }
    while (old.lastChild !== before) old.lastChild.remove();
}

/** Tickets on sale stay where they are while somebody looks, also those that are taken, and so not in the answer. */
async function morphCatalogue(region, wanted) {
    const missing = [];
    for (const ticket of all(region, "[data-ticket]")) {
        const now = wanted.querySelector(`[data-ticket="${CSS.escape(ticket.dataset.ticket)}"]`);
        if (now) morph(ticket, now, true);
        else missing.push(ticket);
    }
    await Promise.all(missing.map(async (ticket) => {
        const { status, version } = await standingOf(ticket.dataset.ticket);
        // As new as what was heard, so that the list has nothing to wait for.
        if (version !== undefined) ticket.dataset.version = version;
        const word = region.getAttribute(`data-word-${status}`);
        // It may as well be on another page of the list now.
        if (!word) return;
        ticket.dataset.status = status;
        ticket.querySelector(".status").textContent = word;
    }));
}

/** Status and version of a ticket that is not in the list. */
async function standingOf(ticket) {
    const told = heard.get(ticket);
    if (told?.status && told.status !== "available") return told;
    const answer = await fetch(`/api/tickets/${ticket}`);
    return answer.status === 404 ? { ...told, status: "gone" } : answer.json();
}

function parse(text, receivedAt) {
    const page = new DOMParser().parseFromString(text, "text/html");
    // Parsed like this, what is for browsers without scripts would be part of the page.
    for (const words of all(page, "noscript")) words.remove();
    localise(page, receivedAt);
    return page;
}

function showMain(page) {
    const [main, wanted] = [document.querySelector("main"), page.querySelector("main")];
    if (!main || !wanted) return;
    document.title = page.title;
    morph(main, wanted);
    document.dispatchEvent(new Event("shop:changed"));
}

// Live regions: an event about what they show has the page fetched again

/** What events told last: version and status, by ticket, order or payment. */
const heard = new Map();
let refreshTimer = 0;
let refreshAt = 0;
let refreshing = null;
let tries = 0;

/** Has the page fetched again by then, or earlier if that was said before. */
function refreshSoon(inMs) {
    const at = performance.now() + inMs;
    if (refreshTimer && refreshAt <= at) return;
    clearTimeout(refreshTimer);
    refreshAt = at;
    refreshTimer = setTimeout(() => {
        refreshTimer = 0;
        // Not reached, or left off for something that is newer.
        refresh().catch(() => {});
    }, inMs);
}

async function refresh() {
    refreshing?.abort();
    refreshing = new AbortController();
    const init = { headers: { Accept: "text/html" }, cache: "no-cache", signal: refreshing.signal };
    const answer = await fetch(location.pathname + location.search, init);
    const receivedAt = performance.now();
    // What cannot be said right now is no news.
    if (answer.status >= 429) return tryAgain();
    // As when the session is over.
    if (answer.redirected) return location.replace(answer.url);
    if (!answer.headers.get("Content-Type")?.startsWith("text/html")) return;
    const page = parse(await answer.text(), receivedAt);
    const before = spoken();
    const regions = all(document, "[data-live]").filter((region) => !region.parentElement.closest("[data-live]"));
    if (regions.some((region) => !page.getElementById(region.id))) {
        // Another page than it was, such as the one that says that the ticket is gone.
        showMain(page);
    } else {
        for (const region of regions) {
            const wanted = page.getElementById(region.id);
            if (region.hasAttribute("data-word-reserved")) await morphCatalogue(region, wanted);
            else morph(region, wanted, true);
        }
        document.dispatchEvent(new Event("shop:changed"));
    }
    sayChanges(before);
    const thing = ({ ticket, order, payment }) => ticket ?? order ?? payment;
    const isBehind = ({ dataset }) => Number(dataset.version) < (heard.get(thing(dataset))?.version ?? 0);
    if (all(document, "[data-version]").some(isBehind)) tryAgain();
    else tries = 0;
    follow();
}

function tryAgain() {
    if (tries < MAX_TRIES) refreshSoon(pause(tries++));
}

let source = null;
let failures = 0;
let reopening = 0;

/** Where the events are that the regions of this page are about; nothing if there are none. */
function streamAddress() {
    const regions = all(document, "[data-live]");
    if (regions.length === 0) return "";
    const [types, subjects] = [new Set(regions.flatMap(typesOf)), new Set(regions.flatMap(subjectsOf))];
    const query = new URLSearchParams({ after: "now", types: [...types].join(",") });
    // One alone is all that the service has to tell.
    if (subjects.size === 1 && !subjects.has("*")) query.set("subject", [...subjects][0]);
    return `/api/events?${query}`;
}

const wordsOf = (list = "") => list.split(/[\s,]+/).filter(Boolean);
const typesOf = ({ dataset }) => wordsOf(dataset.types || TYPES);
const subjectsOf = ({ dataset }) => wordsOf(dataset.subjects);

function isAbout(region, { type, subject, data }) {
    // A payment is about its order as well, which is there before it.
    const wanted = ["*", subject, data.orderId];
    return typesOf(region).includes(type) && subjectsOf(region).some((known) => wanted.includes(known));
}

/** Opens the stream, closes it, or leaves it as it is: whichever the page needs now. */
function follow() {
    const address = document.hidden ? "" : streamAddress();
    if (source?.readyState !== EventSource.CLOSED && (source?.address ?? "") === address) return;
    clearTimeout(reopening);
    source?.close();
    source = null;
    if (!address) return;
    const opened = new EventSource(address);
    opened.address = address;
    source = opened;
    opened.onopen = () => {
        // Between the page and the stream, or while the stream was broken, something may have happened.
        refreshSoon(failures === 0 ? 0 : pause(0));
        failures = 0;
    };
    opened.onmessage = ({ data }) => hear(JSON.parse(data));
    opened.addEventListener("reset", () => refreshSoon(pause(0)));
    opened.onerror = () => {
        failures += 1;
        // A browser comes back by itself to a stream that broke, but not to an answer that was no stream.
        if (opened.readyState !== EventSource.CLOSED || opened !== source) return;
        reopening = setTimeout(follow, pause(Math.min(failures, 6)));
    };
}

function hear(event) {
    if (!all(document, "[data-live]").some((region) => isAbout(region, event))) return;
    const { version, status } = event.data;
    if (version !== undefined) heard.set(event.subject, { version, status });
    refreshSoon(Math.random() * REFRESH_SPREAD_MS);
}

// Forms

/** Those whose answer has not come: pressed twice, they are sent once. */
const sending = new WeakSet();

async function send(event) {
    const form = event.target;
    if (!form.matches("form[data-form]") || form.method !== "post" || event.defaultPrevented) return;
    event.preventDefault();
    if (sending.has(form)) return;
    const body = new URLSearchParams(new FormData(form, event.submitter));
    for (const { name, value } of all(form, 'input[type="datetime-local"]')) body.set(name, shifted(value));
    const action = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
    refreshing?.abort();
    setBusy(form, true);
    try {
        const answer = await fetch(action, { method: "POST", headers: { Accept: "text/html" }, body, signal: AbortSignal.timeout(FORM_TIMEOUT_MS) });
        const receivedAt = performance.now();
        if (answer.redirected) {
            // It stays busy: the next page is on its way. Back leads to where the visitor came from, not to this page again.
            const isHere = new URL(answer.url).pathname === location.pathname;
            return isHere ? location.replace(answer.url) : location.assign(answer.url);
        }
        await showAnswer(form, answer, receivedAt);
    } catch {
        alertIn(form, "The shop could not be reached, so it is not known whether this was done. Try again: it is done once only.");
    }
    setBusy(form, false);
}

async function showAnswer(form, answer, receivedAt) {
    const page = parse(await answer.text(), receivedAt);
    const notice = page.querySelector("main > .notice");
    // Refused as a whole, as when the session is over: the form stays, and what is typed into it.
    if (notice) return alertIn(form, ...wordsOfNotice(notice));
    if (!page.querySelector("main")) throw new Error("this is no page of the shop");
    setBusy(form, false);
    showMain(page);
    follow();
    const wrong = document.querySelector('main [aria-invalid="true"]') ?? document.querySelector("main [role=alert]");
    if (wrong) focusOn(wrong);
}

/** What a page that only says what is wrong would say within another one. */
function wordsOfNotice(notice) {
    const title = made("p", {});
    title.append(made("strong", { textContent: notice.querySelector("h1").textContent }));
    const [next, ...more] = all(notice, "p:not(.actions, .small)");
    for (const link of all(notice, 'a[href^="/sign-in"]')) {
        link.className = "";
        next.append(" ", link);
    }
    return [title, next, ...more];
}

function alertIn(form, ...words) {
    form.querySelector(":scope > .alert")?.remove();
    const alert = made("div", { className: "alert", role: "alert" });
    alert.append(...words);
    form.prepend(alert);
    focusOn(alert);
}

function focusOn(element) {
    if (element.tabIndex < 0) element.tabIndex = -1;
    element.focus();
}

function setBusy(form, isBusy) {
    if (isBusy) sending.add(form);
    else sending.delete(form);
    form.ariaBusy = isBusy ? "true" : null;
    // Not `disabled`, which would take the focus away.
    for (const button of all(form, "button")) button.ariaDisabled = isBusy ? "true" : null;
}

// Beginning

/** Whoever has this secret can pay: after a bank has led back here, it does not stay in the address. */
function dropSecrets() {
    const address = new URL(location.href);
    const secrets = ["payment_intent", "payment_intent_client_secret"].filter((name) => address.searchParams.has(name));
    for (const name of secrets) address.searchParams.delete(name);
    if (secrets.length > 0) history.replaceState(history.state, "", address);
}

// Other scripts of the page have read it by then.
addEventListener("load", dropSecrets);
document.body.append(voice);
localise(document, performance.getEntriesByType("navigation")[0]?.responseStart ?? performance.now());
setInterval(tick, 250);
follow();
document.addEventListener("submit", send);
document.addEventListener("visibilitychange", follow);
document.addEventListener("shop:refresh", () => refreshSoon(0));
addEventListener("pagehide", () => source?.close());
// A page out of the browser's memory is as old as when it was left.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
