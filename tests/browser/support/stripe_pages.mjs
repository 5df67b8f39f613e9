// What a browser would get from Stripe: its script, the frame in which cards are entered, its interface for browsers, and the page
// of a bank. The script is ours, as small as it can be; the interface is the stand-in's of tests/stripe.

const SCRIPT = `
    const API = "https://api.stripe.com";
    window.Stripe = (key) => {
        const call = async (method, path, parameters) => {
            const body = new URLSearchParams({ key, ...parameters });
            const query = method === "GET" ? "?" + body : "";
            const answer = await fetch(API + path + query, { method, body: method === "GET" ? undefined : body });
            const said = await answer.json();
            return answer.ok ? { paymentIntent: said } : { error: said.error };
        };
        const idOf = (secret) => secret.split("_secret_")[0];
        const retrieve = (secret) => call("GET", "/v1/payment_intents/" + idOf(secret), { client_secret: secret });
        let card = "";
        return {
            elements(options) {
                if (options.mode !== "payment" || !(options.amount > 0) || !options.currency) throw new Error("wrong options");
                if (String(options.paymentMethodTypes) !== "card") throw new Error("only cards");
                return {
                    create(kind) {
                        if (kind !== "payment") throw new Error("only the Payment Element");
                        return {
                            mount(place) {
                                const frame = document.createElement("iframe");
                                frame.title = "Secure card payment input frame";
                                frame.src = "https://js.stripe.com/v3/elements-inner-payment.html";
                                frame.height = 60;
                                addEventListener("message", ({ origin, data }) => {
                                    if (origin === "https://js.stripe.com") card = data;
                                });
                                place.append(frame);
                            },
                        };
                    },
                    async submit() {
                        return card ? {} : { error: { type: "validation_error", message: "Your card number is incomplete." } };
                    },
                };
            },
            async confirmPayment({ elements, clientSecret, confirmParams, redirect }) {
                if (!elements || redirect !== "if_required") throw new Error("wrong options");
                const path = "/v1/payment_intents/" + idOf(clientSecret) + "/confirm";
                const parameters = { client_secret: clientSecret, payment_method: card, return_url: confirmParams.return_url };
                const result = await call("POST", path, parameters);
                const action = result.paymentIntent?.next_action;
                if (!action) return result;
                location.assign(action.redirect_to_url.url);
                return new Promise(() => {});
            },
            retrievePaymentIntent: retrieve,
        };
    };
`;

const FRAME = `<!doctype html><html lang="en"><title>Card</title><label>Card <input id="card"></label>
    <script>document.querySelector("input").oninput = ({ target }) => parent.postMessage(target.value, "*");</script></html>`;

export const STRIPES_ORIGINS = ["https://js.stripe.com", "https://api.stripe.com"];

/** Has the windows of this visitor meet the stand-in at `address` where Stripe would be. Returns how the bank decides. */
export async function meetStripe(visitor, address) {
    const bank = { approves: true };
    const { context } = visitor;
    /** Intents as the windows know them. */
    const intents = new Map();
    await context.route("https://js.stripe.com/v3/", (route) => route.fulfill({ contentType: "text/javascript", body: SCRIPT }));
    await context.route("https://js.stripe.com/v3/*.html", (route) => route.fulfill({ contentType: "text/html", body: FRAME }));
    await context.route("https://api.stripe.com/**", async (route) => {
        const request = route.request();
        const { pathname, searchParams } = new URL(request.url());
        const parameters = new URLSearchParams(request.postData() ?? searchParams);
        const headers = { Authorization: `Bearer ${parameters.get("key")}`, "Content-Type": "application/x-www-form-urlencoded" };
        parameters.delete("key");
        const isGet = request.method() === "GET";
        const asked = isGet ? fetch(`${address}${pathname}?${parameters}`, { headers }) : fetch(address + pathname, { method: "POST", headers, body: parameters });
        const answer = await asked;
        const said = await answer.json();
        if (answer.ok) intents.set(said.id, said);
        const allowed = { "Access-Control-Allow-Origin": visitor.base };
        await route.fulfill({ status: answer.status, headers: allowed, json: said });
    });
    await context.route("https://hooks.stripe.com/redirect/authenticate/*", async (route) => {
        const intent = intents.get(new URL(route.request().url()).pathname.split("/").at(-1));
        await decide(address, intent, bank.approves);
        const back = new URL(intent.next_action.redirect_to_url.return_url);
        back.searchParams.set("payment_intent", intent.id);
        back.searchParams.set("payment_intent_client_secret", intent.client_secret);
        back.searchParams.set("redirect_status", bank.approves ? "succeeded" : "failed");
        // Not a redirection: the buyer comes back from another site, by a link.
        const page = `<!doctype html><html lang="en"><title>Bank</title><a id="back" href="${back.href.replaceAll("&", "&amp;")}">Back</a>`;
        await route.fulfill({ contentType: "text/html", body: page });
    });
    return bank;
}

async function decide(address, intent, approves) {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ succeeds: approves });
    const done = await fetch(`${address}/_control/payment_intents/${intent.id}/complete`, { method: "POST", headers, body });
    if (!done.ok) throw new Error(`the bank: ${done.status} ${await done.text()}`);
}
