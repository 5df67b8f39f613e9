// What the gate makes of changes that are planted into the document of today.
//
//     DOCUMENT=openapi.json node --test

import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { breaking, unaccepted } from "./breaking.js";

const TEXT = readFileSync(process.env.DOCUMENT, "utf8");

function found(plant) {
    const document = JSON.parse(TEXT);
    plant(document, document.components.schemas, (path, method) => document.paths[path][method]);
    return breaking(JSON.parse(TEXT), document);
}

const BREAKING = {
    "an operation goes": (document) => delete document.paths["/api/orders/{id}"].delete,
    "a path goes": (document) => delete document.paths["/api/orders"],
    "an optional member of an answer goes": (_, schemas) => delete schemas.Ticket.properties.venue,
    "a member of an answer need not be there any more": (_, schemas) => schemas.Ticket.required.pop(),
    "a text of an answer is a number": (_, schemas) => {
        schemas.Ticket.properties.title.type = "integer";
    },
    "a number of an answer is a text": (_, schemas) => {
        schemas.Ticket.properties.price.type = "string";
    },
    "a time of an answer is a day": (_, schemas) => {
        schemas.Order.properties.expiresAt.format = "date";
    },
    "a number of an answer may have more digits": (_, schemas) => delete schemas.Order.properties.version.format,
    "a member of an answer may be null": (_, schemas) => {
        schemas.Ticket.properties.title.nullable = true;
    },
    "an answer has another value in a list": (_, schemas) => schemas.TicketStatus.enum.push("lost"),
    "an answer of a list is an object": (_, __, operation) => {
        operation("/api/orders", "get").responses[200].content["application/json"].schema = { type: "object" };
    },
    "an answer is of another media type": (_, __, operation) => {
        delete operation("/api/events", "get").responses[200].content["text/event-stream"];
    },
    "an answer lacks a header": (_, __, operation) => delete operation("/api/orders", "get").responses[200].headers.Link,
    "a header of an answer has another type": (_, __, operation) => {
        operation("/api/tickets/{id}", "get").responses[200].headers.ETag.schema.type = "integer";
    },
    "a header of an answer may be absent": (_, __, operation) => {
        delete operation("/api/tickets/{id}", "get").responses[200].headers["Consistency-Token"].required;
    },
    "there is one more way to succeed": (_, __, operation) => {
        operation("/api/orders", "get").responses[206] = { description: "Some" };
    },
    "a way to succeed goes": (_, __, operation) => delete operation("/api/payments", "post").responses[202],
    "a body needs one more member": (_, schemas) => schemas.TicketInput.required.push("venue"),
    "a member of a body has another type": (_, schemas) => {
        schemas.TicketInput.properties.price = { type: "string" };
    },
    "a member of a body may be less long": (_, schemas) => {
        schemas.TicketInput.properties.title.maxLength = 100;
    },
    "a member of a body may be less": (_, schemas) => {
        schemas.KeyInput.properties.expiresInSeconds.maximum = 3600;
    },
    "a member of a body keeps a pattern": (_, schemas) => {
        schemas.OrderInput.properties.ticketId.pattern = "^ticket_";
    },
    "a member of a body may not be null any more": (_, schemas) => delete schemas.TicketInput.properties.venue.nullable,
    "a list for parameters is shorter": (_, schemas) => schemas.TicketSort.enum.pop(),
    "a parameter has to be given": (_, __, operation) => {
        operation("/api/orders", "get").parameters.find(({ name }) => name === "status").required = true;
    },
    "there is one more parameter that has to be given": (_, __, operation) => {
        const parameter = { name: "day", in: "query", required: true, schema: { type: "string" } };
        operation("/api/orders", "get").parameters.push(parameter);
    },
    "a parameter goes": (_, __, operation) => operation("/api/orders", "get").parameters.shift(),
    "nobody may ask without a credential any more": (_, __, operation) => {
        operation("/api/tickets", "get").security = [{ bearer: [] }];
    },
    "one credential of several is not enough any more": (_, __, operation) => {
        operation("/api/orders/{id}", "get").security.pop();
    },
    "a cookie has another name": ({ components }) => {
        components.securitySchemes.session.name = "sid";
    },
    "a credential is sent otherwise": ({ components }) => {
        components.securitySchemes.bearer.scheme = "basic";
    },
    "generated clients would call an operation otherwise": (_, __, operation) => {
        operation("/api/orders", "get").operationId = "myOrders";
    },
};

const HARMLESS = {
    "nothing": () => {},
    "there is one more operation": (document) => {
        document.paths["/api/news"] = { get: { operationId: "news", responses: { 204: { description: "None" } } } };
    },
    "an answer has one more member": (_, schemas) => {
        schemas.Ticket.properties.seat = { type: "string" };
        schemas.Ticket.required.push("seat");
    },
    "an answer has a value less": (_, schemas) => schemas.TicketStatus.enum.pop(),
    "an answer has one more header": (_, __, operation) => {
        operation("/api/orders", "get").responses[200].headers["X-Total"] = { schema: { type: "integer" } };
    },
    "there is one more refusal": (_, __, operation) => {
        const responses = operation("/api/orders", "get").responses;
        responses[429] = responses[400];
    },
    "there is one more type of problem": (_, schemas) => schemas.ProblemType.enum.push("/problems/too-late"),
    "a body may have one more member": (_, schemas) => {
        schemas.TicketInput.properties.seat = { type: "string" };
    },
    "a body needs a member less": (_, schemas) => schemas.TicketInput.required.pop(),
    "a member of a body may be longer": (_, schemas) => {
        schemas.TicketInput.properties.title.maxLength = 300;
    },
    "a member of a body may be null": (_, schemas) => {
        schemas.TicketInput.properties.title.nullable = true;
    },
    "a list for parameters is longer": (_, schemas) => schemas.TicketSort.enum.push("venue"),
    "there is one more parameter that may be given": (_, __, operation) => {
        operation("/api/orders", "get").parameters.push({ name: "day", in: "query", schema: { type: "string" } });
    },
    "one more credential is enough": (_, __, operation) => {
        operation("/api/orders", "get").security.push({ operatorKey: [] });
    },
    "it is said in other words": (_, schemas) => {
        schemas.Ticket.description = "A seat";
        schemas.Ticket.example = {};
    },
    "a header is spelled otherwise": (_, __, operation) => {
        const headers = operation("/api/orders", "get").responses[200].headers;
        headers.LINK = headers.Link;
        delete headers.Link;
    },
};

for (const [name, plant] of Object.entries(BREAKING)) {
    test(`it breaks clients if ${name}`, () => {
        const breaks = found(plant);
        assert.notEqual(breaks.length, 0);
        for (const { operation, at, what } of breaks) assert.ok(operation && at !== undefined && what);
    });
}

for (const [name, plant] of Object.entries(HARMLESS)) {
    test(`it breaks nobody if ${name}`, () => assert.deepEqual(found(plant), []));
}

test("what was accepted is left out, and what is accepted in vain is told", () => {
    const one = { operation: "GET /a", at: "responses/200/headers/link", what: "there is no link any more" };
    const other = { operation: "GET /b", at: "security", what: "none" };
    const everywhere = { at: one.at, what: one.what };
    const named = { ...everywhere, operations: ["GET /a", "GET /b"] };
    const elsewhere = { ...everywhere, operation: "GET /b" };
    assert.deepEqual(unaccepted([one, other], [everywhere]), { left: [other], unused: [] });
    assert.deepEqual(unaccepted([one, other], [named]), { left: [other], unused: [elsewhere] });
});
