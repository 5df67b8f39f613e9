// That an acceptance covers the one change that it explains, and none like it.
//
//     RELEASED=released DOCUMENT=openapi.json node --test

import { test } from "node:test";
import assert from "node:assert/strict";
import { breaking, unaccepted } from "./breaking.js";
import { latest, read } from "./released.js";

const SIGN_IN = "requestBody/content/application/json/schema/properties/password/minLength";

// A document with one operation, that takes a password of at least so many characters and is found by a cheapest price.
function small(minLength, minimum, path = "/in") {
    const password = { type: "string", ...(minLength && { minLength }) };
    const price = { name: "minPrice", in: "query", schema: { type: "number", ...(minimum !== undefined && { minimum }) } };
    const operation = {
        operationId: "signIn",
        parameters: [price],
        requestBody: { content: { "application/json": { schema: { type: "object", properties: { password } } } } },
        responses: { 204: { description: "In" } },
    };
    return { openapi: "3.0.0", info: { title: "Small", version: "1" }, paths: { [path]: { post: operation } } };
}

const ACCEPTED = [
    { operations: ["POST /in"], at: SIGN_IN, what: "there is now 1" },
    { operations: ["POST /in"], at: "parameters/minPrice/schema/minimum", what: "there is now 0" },
];

test("what is accepted passes", () => {
    assert.deepEqual(unaccepted(breaking(small(), small(1, 0)), ACCEPTED), { left: [], unused: [] });
});

const UNEXPLAINED = {
    "a value that begins as the accepted one": [small(), small(12, 0)],
    "a value that begins as the accepted one, of a parameter": [small(), small(1, 0.5)],
    "the same of another operation": [small(undefined, undefined, "/up"), small(1, 0, "/up")],
};

for (const [name, [released, document]] of Object.entries(UNEXPLAINED)) {
    test(`what is accepted does not cover ${name}`, () => {
        assert.notDeepEqual(unaccepted(breaking(released, document), ACCEPTED).left, []);
    });
}

// The documents themselves: what once passed for what was accepted.
const LIKE_ACCEPTED = {
    "a longer password": (schemas) => {
        schemas.Credentials.properties.password.minLength = 12;
    },
    "a longer address": (schemas) => {
        schemas.Credentials.properties.email.minLength = 100;
    },
    "titles in capitals": (schemas) => {
        schemas.TicketInput.properties.title.pattern = "^[A-Z]+$";
    },
    "one card only": (schemas) => {
        schemas.PaymentInput.properties.token.pattern = "^tok_visa$";
    },
    "no cheap tickets": (_, paths) => {
        paths["/api/tickets"].get.parameters.find(({ name }) => name === "minPrice").schema.minimum = 0.5;
    },
};

const { document: released, accepted } = latest(process.env.RELEASED);

for (const [name, plant] of Object.entries(LIKE_ACCEPTED)) {
    test(`what was accepted since the latest release does not cover ${name}`, () => {
        const document = read(process.env.DOCUMENT);
        plant(document.components.schemas, document.paths);
        assert.equal(unaccepted(breaking(released, document), accepted).left.length > 0, true);
    });
}
