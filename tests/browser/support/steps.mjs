// What visitors do on pages, the same with JavaScript and without it.
import { PASSWORD } from "./stage.mjs";

/** Presses the form's button, and waits for the page at an address that matches. */
export async function submit(page, form, leadsTo) {
    await form.getByRole("button").first().click();
    await page.waitForURL(leadsTo);
}

export async function signUp(page, email, leadsTo) {
    await page.goto("/sign-up");
    await fillSignUp(page, email, leadsTo);
}

export async function fillSignUp(page, email, leadsTo) {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await submit(page, page.locator("form", { has: page.getByLabel("Password") }), leadsTo);
}

export const ORDER = /\/orders\/order_[0-9a-z]+(\?|$)/;
export const TICKET = /\/tickets\/ticket_[0-9a-z]+(\?|$)/;
