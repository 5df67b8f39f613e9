// What of a document breaks the clients of an earlier one. A library compares; what it leaves to its user is here: which
// differences count, and a few that it does not look at.

import { apiCompare } from "api-smart-diff";

const METHODS = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"]);

// The differences that break clients: `operation` is a method and a path, `at` a JSON pointer into it, with parameters by
// name, `what` the reason.
export function breaking(released, document) {
    const [before, after] = [comparable(released), comparable(document)];
    const found = apiCompare(before, after).diffs.filter(breaks).map((difference) => ({
        operation: `${difference.path[2]?.toUpperCase() ?? ""} ${difference.path[1]}`.trim(),
        at: placeOf(difference, before),
        what: inWords(difference),
    }));
    return [...found, ...operationsThatBreak(before, after)];
}

// A copy without what means nothing to a client: the case of headers' names, examples, descriptions, and how parameters
// that are no lists would be exploded.
function comparable(document) {
    const isWords = (name, value) => name === "example" || (name === "description" && typeof value === "string");
    const copy = JSON.parse(JSON.stringify(document), (name, value) => (isWords(name, value) ? undefined : value));
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
    // Nor does it mind what is read as something else, or a header that may be absent now.
    if (isOfAnswers && ["type", "format"].includes(path.at(-1)) && path.at(-2) !== "properties") return true;
    if (path[5] === "headers" && path[7] === "required") return after !== true;
    if (isOfAnswers && action === "add") {
        // A client that knows none of the types of a problem still has its status.
        const isTypeOfProblem = path.includes("application/problem+json") && path.includes("enum");
        if (isTypeOfProblem) return false;
        // One more way to succeed is one more thing to deal with; refusals are dealt with in one way.
        if (path.length === 5) return Number(path[4]) < 400;
    }
    return type === "breaking";
}

// A parameter's number says little, and is another one once there are more.
function placeOf({ path, after }, document) {
    const [, name, method, part, number, ...rest] = path;
    if (part !== "parameters") return path.slice(3).join("/");
    const parameter = document.paths[name]?.[method]?.parameters?.[number] ?? after;
    return [part, parameter?.name ?? number, ...rest].join("/");
}

// The whole of what is new: an acceptance is of that, and of nothing else.
function inWords({ action, before, after }) {
    const shown = JSON.stringify;
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
        const suffices = ways(is, after);
        for (const way of suffices.has("") ? [] : ways(was, before)) {
            if (!suffices.has(way)) {
                yield { operation: name, at: "security", what: `${way || "no credential"} was enough, and is not any more` };
            }
        }
    }
}

// The credentials that are enough for an operation, each as one text with how it is sent; the empty one stands for none.
function ways(operation, document) {
    const sent = (name) => {
        const { type, scheme, in: place, name: key } = document.components.securitySchemes[name];
        return `${name} (${[type, scheme, place, key].filter(Boolean).join(" ")})`;
    };
    const alternatives = operation.security?.length ? operation.security : [{}];
    return new Set(alternatives.map((schemes) => Object.keys(schemes).sort().map(sent).join(" and ")));
}

// Leaves out what was accepted, which is one change at one place, in the operations that are named or in all; says as well
// which acceptances are of no use.
export function unaccepted(found, accepted) {
    const each = accepted.flatMap(({ operations = [undefined], at, what }) =>
        operations.map((operation) => ({ operation, at, what })));
    const covers = ({ operation, at, what }, one) =>
        (operation === undefined || one.operation === operation) && one.at === at && one.what === what;
    return {
        left: found.filter((one) => !each.some((acceptance) => covers(acceptance, one))),
        unused: each.filter((acceptance) => !found.some((one) => covers(acceptance, one))),
    };
}
