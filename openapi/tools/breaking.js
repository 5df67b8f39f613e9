// What of a document breaks the clients of an earlier one. A library compares; what it leaves to its user is here: which
// differences count, and a few that it does not look at.

import { apiCompare } from "api-smart-diff";

const METHODS = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"]);

// The differences that break clients: `operation` is a method and a path, `at` a JSON pointer into it, `what` the reason.
export function breaking(released, document) {
    const [before, after] = [comparable(released), comparable(document)];
    const found = apiCompare(before, after).diffs.filter(breaks).map((difference) => ({
        operation: `${difference.path[2]?.toUpperCase() ?? ""} ${difference.path[1]}`.trim(),
        at: difference.path.slice(3).join("/"),
        what: inWords(difference),
    }));
    return [...found, ...operationsThatBreak(before, after)];
}

// A copy without what means nothing to a client: the case of headers' names, examples, and how parameters that are no
// lists would be exploded.
function comparable(document) {
    const copy = JSON.parse(JSON.stringify(document), (name, value) => (name === "example" ? undefined : value));
    for (const { operation } of operations(copy)) {
        for (const parameter of operation.parameters ?? []) {
            if (parameter.schema?.type !== "array") delete parameter.explode;
        }
        for (const response of Object.values(operation.responses)) {
            const headers = Object.entries(response.headers ?? {});
            response.headers = Object.fromEntries(headers.map(([name, header]) => [name.toLowerCase(), header]));
        }
    }
    return copy;
}

function* operations(document) {
    for (const [path, methods] of Object.entries(document.paths)) {
        for (const [method, operation] of Object.entries(methods)) {
            if (METHODS.has(method)) yield { name: `${method.toUpperCase()} ${path}`, operation };
        }
    }
}

function breaks({ type, action, path, after }) {
    // Which way a schema goes, only the operations that use it tell.
    if (path[0] !== "paths") return false;
    const isOfAnswers = path[3] === "responses";
    // To the library, what may be absent may as well go. But clients show it.
    if (isOfAnswers && action === "remove" && path.at(-2) === "properties") return true;
    if (path.at(-1) === "nullable") return (after === true) === isOfAnswers;
    if (isOfAnswers && action === "add") {
        // A client that knows none of the types of a problem still has its status.
        const isTypeOfProblem = path.includes("application/problem+json") && path.includes("enum");
        if (isTypeOfProblem) return false;
        // One more way to succeed is one more thing to deal with; refusals are dealt with in one way.
        if (path.length === 5) return Number(path[4]) < 400;
    }
    return type === "breaking";
}

function inWords({ action, before, after }) {
    const shown = (value) => JSON.stringify(value)?.slice(0, 100);
    switch (action) {
        case "add": return `there is now ${shown(after)}`;
        case "remove": return `there is no ${shown(before)} any more`;
        default: return `it was ${shown(before)}, and is ${shown(after)}`;
    }
}

// What the library does not look at: names that generated clients are made of, and who may ask.
function* operationsThatBreak(before, after) {
    const now = new Map([...operations(after)].map(({ name, operation }) => [name, operation]));
    for (const { name, operation: was } of operations(before)) {
        const is = now.get(name);
        if (!is) continue;
        if (is.operationId !== was.operationId) {
            const what = `it was ${was.operationId}, and is ${is.operationId}: generated clients call it by that name`;
            yield { operation: name, at: "operationId", what };
        }
        const suffices = ways(is);
        for (const way of suffices.has("") ? [] : ways(was)) {
            if (!suffices.has(way)) {
                yield { operation: name, at: "security", what: `${way || "no credential"} was enough, and is not any more` };
            }
        }
    }
}

// The credentials that are enough for an operation, each as one text; the empty one stands for none.
function ways(operation) {
    const alternatives = operation.security?.length ? operation.security : [{}];
    return new Set(alternatives.map((schemes) => Object.keys(schemes).sort().join(" and ")));
}

// Leaves out what was accepted; says as well which acceptances are of no use.
export function unaccepted(found, accepted) {
    const covers = ({ operation, at, what }, one) =>
        (!operation || one.operation === operation) && one.at.endsWith(at) && one.what.startsWith(what);
    return {
        left: found.filter((one) => !accepted.some((acceptance) => covers(acceptance, one))),
        unused: accepted.filter((acceptance) => !found.some((one) => covers(acceptance, one))),
    };
}
