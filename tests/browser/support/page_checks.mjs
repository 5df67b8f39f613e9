// What every page is held to, whatever is on it.
import axe from "axe-core";
import { HtmlValidate } from "html-validate";

/** Success criteria of WCAG 2.2 up to AA, and what axe's makers recommend besides. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const GRAVE = ["serious", "critical"];

/** What the standard says, and nothing of how HTML may be written besides. */
const validator = new HtmlValidate({
    root: true,
    extends: ["html-validate:standard", "html-validate:document", "html-validate:a11y"],
    rules: {
        // What comes from the same origin is as good as the page itself.
        "require-sri": ["error", { target: "crossorigin" }],
        // A button without a type sends its form, as the standard says.
        "no-implicit-button-type": "off",
    },
});

/** What axe finds grave on the page as it is now, a line each. */
export async function graveFindings(page) {
    // By the debugger: the page's policy lets no such script in.
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS);
    const grave = violations.filter(({ impact }) => GRAVE.includes(impact));
    return grave.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} (${failureSummary})`).join("; ")}`);
}

/** What a validator finds in the page as it was served, a line each. */
export async function faultsOfHtml(html) {
    const report = await validator.validateString(html);
    return report.results.flatMap(({ messages }) => messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId}: ${message}`));
}
