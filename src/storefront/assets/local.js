// Times, prices and time left, as the visitor writes them: by their locales, zone and clock.

export const all = (root, selector) => [...root.querySelectorAll(selector)];

/** A time with its zone, which may be another one in summer than in winter. */
const TIME = { year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short" };

/** Writes what is in `root` as the visitor does. `receivedAt` is when the page came, by `performance.now()`. */
export function localise(root, receivedAt) {
    const locales = navigator.languages;
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const name of all(root, "[data-zone]")) name.textContent = zone;
    for (const time of all(root, "time[data-local]")) {
        const at = new Date(time.dateTime);
        if (Number.isNaN(at.getTime())) continue;
        // What the service wrote names its time zone: it stays at hand.
        time.title = time.textContent.trim();
        time.textContent = new Intl.DateTimeFormat(locales, TIME).format(at);
    }
    for (const price of all(root, "data.price[data-currency]")) {
        const style = { style: "currency", currency: price.dataset.currency.toUpperCase() };
        price.textContent = new Intl.NumberFormat(locales, style).format(Number(price.value));
    }
    for (const left of all(root, "[data-countdown]")) {
        // On a clock that only ever goes forward, whatever the one on the visitor's wall says.
        left.dataset.ends = String(receivedAt + Number(left.dataset.countdown) * 1000);
        left.setAttribute("role", "timer");
        left.textContent = clockText(secondsLeft(left));
    }
    for (const field of all(root, 'input[type="datetime-local"]')) {
        if (field.hasAttribute("value")) field.setAttribute("value", shifted(field.getAttribute("value"), -1));
        const hint = root.getElementById(`${field.id}-hint`);
        if (hint) hint.textContent = hint.textContent.replace(/\bUTC\b/, zone);
    }
}

/** The same time without a zone: from the visitor's to UTC, or (-1) back. Empty if it is none. */
export function shifted(text, direction = 1) {
    const read = new Date(`${text}Z`).getTime();
    if (Number.isNaN(read)) return "";
    // The offset is that of then, and not of now.
    const local = direction > 0 ? new Date(text) : new Date(read);
    return new Date(read + direction * local.getTimezoneOffset() * 60_000).toISOString().replace(/(:00)?\.000Z$|Z$/, "");
}

export const secondsLeft = (left) => Math.max(0, Math.ceil((Number(left.dataset.ends) - performance.now()) / 1000));

export function clockText(seconds) {
    const hours = Math.floor(seconds / 3600);
    const parts = [hours, Math.floor(seconds / 60) % 60, seconds % 60].slice(hours > 0 ? 0 : 1);
    return parts.map((part, place) => (place > 0 ? String(part).padStart(2, "0") : part)).join(":");
}
