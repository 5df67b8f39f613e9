// Pays by Stripe: mounts its Payment Element, which is a frame of Stripe's, so that no card comes near this page. An attempt
// begins only when the buyer presses the button, for it holds the order.

const STRIPE_JS = "https://js.stripe.com/v3/";
/** How often the service is asked again while the gateway takes its time. */
const MAX_TRIES = 5;
/** When to look whether the order is paid, should no event say so. */
const LOOK_AGAIN_MS = [2_000, 5_000, 10_000, 20_000, 40_000];
/** What Stripe answers if an attempt ended while the buyer typed: a new one is begun then. */
const IS_OVER = ["payment_intent_unexpected_state", "payment_intent_invalid_parameter"];

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const refresh = () => document.dispatchEvent(new Event("shop:refresh"));

let loading;

function loadStripe() {
    loading ??= new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = STRIPE_JS;
        script.onload = () => done(window.Stripe);
        script.onerror = () => {
            loading = undefined;
            script.remove();
            failed(new Error("Stripe's script was not loaded"));
        };
        document.head.append(script);
    });
    return loading;
}

function price({ amount, currency }) {
    const style = { style: "currency", currency: currency.toUpperCase() };
    // Prices are in currencies of two decimals.
    return new Intl.NumberFormat(navigator.languages, style).format(Number(amount) / 100);
}

function made(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
}

class CardForm {
    constructor(place) {
        this.place = place;
        this.form = made("form", { className: "stripe-form" });
        this.frame = made("div", { className: "stripe-frame" });
        this.button = made("button", { textContent: `Pay ${price(place.dataset)}` });
        this.form.append(this.frame, this.button);
        this.form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.pay();
        });
    }

    async mount() {
        // Whatever else changes on the page, this stays.
        this.place.setAttribute("data-keep", "");
        try {
            const Stripe = await loadStripe();
            const { publishableKey, amount, currency } = this.place.dataset;
            this.stripe = Stripe(publishableKey);
            const theme = matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "stripe";
            this.elements = this.stripe.elements({
                mode: "payment",
                amount: Number(amount),
                currency,
                paymentMethodTypes: ["card"],
                appearance: { theme },
            });
            this.place.replaceChildren(this.form);
            this.elements.create("payment").mount(this.frame);
        } catch {
            const again = made("button", { type: "button", textContent: "Try again" });
            again.addEventListener("click", () => this.mount());
            this.place.replaceChildren(alertOf("The card form of Stripe could not be loaded."), again);
        }
    }

    async pay() {
        if (this.form.getAttribute("aria-busy") === "true") return;
        this.setBusy(true);
        this.form.querySelector(".alert")?.remove();
        try {
            const { error: incomplete } = await this.elements.submit();
            // Beside its fields Stripe says by itself what is missing.
            if (incomplete) return this.setBusy(false);
            await this.confirm(true);
        } catch (problem) {
            this.fail(problem.told ?? "Stripe could not be reached, so it is not known whether you have paid. This page will tell.");
            refresh();
        }
    }

    async confirm(mayBeginAnew) {
        const { result, error } = await this.attempt();
        if (error && mayBeginAnew && IS_OVER.includes(error.code)) return this.confirm(false);
        if (error) return this.fail(error.message ?? "Your card was declined.");
        this.settle(result);
    }

    async attempt() {
        const clientSecret = await this.begin();
        const { error, paymentIntent } = await this.stripe.confirmPayment({
            elements: this.elements,
            clientSecret,
            confirmParams: { return_url: new URL(this.place.dataset.return, location.href).href },
            // A bank that can be asked in a frame is.
            redirect: "if_required",
        });
        return { error, result: paymentIntent };
    }

    /** The secret of an attempt: of a new one, or of the one under way. */
    async begin() {
        for (let tries = 0; ; tries++) {
            const answer = await fetch(this.place.dataset.intent, { method: "POST", headers: { Accept: "application/json" } });
            const told = await answer.json();
            if (answer.ok) return told.clientSecret;
            const isOver = answer.status === 402;
            if (!(isOver || answer.status === 503) || tries === MAX_TRIES) {
                throw Object.assign(new Error(told.title), { told: told.detail ?? told.title });
            }
            // An attempt that was declined came to its end just now: the next one is a new one.
            if (!isOver) await wait(1000 * Number(answer.headers.get("Retry-After") ?? 1));
        }
    }

    /** Goes by what Stripe has of the attempt. */
    settle({ status, last_payment_error: failure }) {
        if (status !== "succeeded" && status !== "processing") {
            this.fail(failure?.message ?? "The payment did not come about. Try again, or take another card.");
            return;
        }
        this.setBusy(true);
        const words = status === "succeeded" ? "Paid. Your ticket is on its way." : "Your bank is working on it.";
        this.place.replaceChildren(made("p", { className: "notice", role: "status", textContent: words }));
        this.lookAgain();
    }

    async lookAgain() {
        refresh();
        for (const ms of LOOK_AGAIN_MS) {
            await wait(ms);
            if (!this.place.isConnected) return;
            refresh();
        }
    }

    async resume(secret) {
        const { paymentIntent } = await this.stripe.retrievePaymentIntent(secret);
        if (paymentIntent) this.settle(paymentIntent);
    }

    fail(text) {
        const alert = alertOf(text);
        this.form.prepend(alert);
        alert.focus();
        this.setBusy(false);
    }

    setBusy(isBusy) {
        this.form.ariaBusy = isBusy ? "true" : null;
        this.button.ariaDisabled = isBusy ? "true" : null;
    }
}

function alertOf(text) {
    return made("p", { className: "alert", role: "alert", tabIndex: -1, textContent: text });
}

/** Once the page itself says that the payment was declined, the form need not. */
function leaveItToThePage(place) {
    const own = place.querySelector(".alert");
    const told = [...document.querySelectorAll("main [role=alert]")].find((alert) => !place.contains(alert));
    if (!own || !told) return;
    const hadFocus = own === document.activeElement;
    own.remove();
    if (!hadFocus) return;
    told.tabIndex = -1;
    told.focus();
}

async function mountWhereWanted(returned) {
    const place = document.getElementById("stripe-payment");
    if (!place) return;
    if (place.hasAttribute("data-keep")) {
        leaveItToThePage(place);
        return;
    }
    const form = new CardForm(place);
    await form.mount();
    if (returned && form.stripe) await form.resume(returned);
}

// With the secret of an attempt a buyer comes back from their bank's page.
mountWhereWanted(new URLSearchParams(location.search).get("payment_intent_client_secret"));
// An order that can be paid again.
document.addEventListener("shop:changed", () => mountWhereWanted());
