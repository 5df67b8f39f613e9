#!/usr/bin/env python3
"""Cuts Stripe's OpenAPI document to the paths and schemas that the stand-in is held to.

    cut.py openapi.json > stripe.json

Kept is what a card payment meets: its other ways to pay, expanded objects and prose are left out. What is kept is
Stripe's word for word."""

import json
import sys

# Each path, and what of it is used.
OPERATIONS = {
    "/v1/payment_methods": ["post"],
    "/v1/payment_intents": ["get", "post"],
    "/v1/payment_intents/{intent}": ["get"],
    "/v1/payment_intents/{intent}/cancel": ["post"],
    "/v1/payment_intents/{intent}/confirm": ["post"],
    "/v1/charges/{charge}": ["get"],
    "/v1/disputes/{dispute}": ["get"],
    "/v1/events": ["get"],
    "/v1/refunds": ["get", "post"],
    "/v1/refunds/{refund}": ["get"],
}

# Schemas that nothing refers to from those, since an event's object may be any.
ALSO = ["dispute", "event"]

# Members whose schemas are whole families of their own, and that a card payment in our hands never has.
LEFT_OUT = {
    "api_errors": {"setup_intent", "source"},
    "charge": {"radar_options", "refunds", "shipping", "transfer_data", "fraud_details"},
    "dispute": {"payment_method_details"},
    "payment_intent": {"payment_method_options", "processing", "shipping", "transfer_data"},
    "payment_method": {"radar_options"},
    "payment_method_card": {"generated_from", "networks", "wallet"},
    "payment_method_details_card": {"installments", "network_token", "three_d_secure", "wallet"},
}

# What a payment, a way to pay or a next step may be of; all others are other ways to pay.
ONLY = {
    "payment_intent_next_action": {"redirect_to_url", "type", "use_stripe_sdk"},
    "payment_method": {
        "billing_details", "card", "created", "customer", "id", "livemode", "metadata", "object", "type",
    },
    "payment_method_details": {"card", "type"},
}

# The same for what is sent.
SENT = {
    "/v1/payment_methods": {"card", "expand", "metadata", "type"},
    "/v1/payment_intents": {
        "amount", "capture_method", "confirm", "confirmation_method", "currency", "customer", "description", "expand",
        "metadata", "off_session", "payment_method", "payment_method_types", "receipt_email", "return_url",
        "statement_descriptor", "statement_descriptor_suffix", "use_stripe_sdk",
    },
    "/v1/payment_intents/{intent}/confirm": {
        "capture_method", "client_secret", "expand", "off_session", "payment_method", "payment_method_types",
        "receipt_email", "return_url", "use_stripe_sdk",
    },
}

PROSE = {"description", "x-expandableFields", "x-expansionResources", "x-resourceId", "x-stripeBypassValidation",
         "operationId", "style", "explode", "title", "encoding"}


def without_prose(value, within_properties=False):
    if isinstance(value, list):
        return [without_prose(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: without_prose(item, key == "properties" and not within_properties)
        for key, item in value.items()
        if within_properties or key not in PROSE
    }


def without_expansions(value):
    """An expandable member is either a name or the object; nobody asks for the object."""
    if isinstance(value, list):
        return [without_expansions(item) for item in value]
    if not isinstance(value, dict):
        return value
    value = {key: without_expansions(item) for key, item in value.items()}
    alternatives = value.get("anyOf", [])
    names = [one for one in alternatives if one.get("type") == "string"]
    if names and any("$ref" in one for one in alternatives):
        value["anyOf"] = names
    return value


def refer(value, found):
    if isinstance(value, dict):
        target = value.get("$ref")
        if isinstance(target, str):
            found.add(target.rsplit("/", 1)[1])
        for item in value.values():
            refer(item, found)
    elif isinstance(value, list):
        for item in value:
            refer(item, found)
    return found


def main():
    document = json.load(open(sys.argv[1]))
    paths = {}
    for path, methods in OPERATIONS.items():
        cut = {method: without_prose(document["paths"][path][method]) for method in methods}
        for method, operation in cut.items():
            if method == "get":
                operation.pop("requestBody", None)
            elif path in SENT:
                (content,) = operation["requestBody"]["content"].values()
                sent = content["schema"]["properties"]
                content["schema"]["properties"] = {k: v for k, v in sent.items() if k in SENT[path]}
        paths[path] = cut
    schemas, wanted = {}, refer(paths, set()) | set(ALSO)
    while wanted:
        name = wanted.pop()
        schema = without_expansions(without_prose(document["components"]["schemas"][name]))
        if "properties" in schema:
            schema["properties"] = {
                member: found
                for member, found in schema["properties"].items()
                if member not in LEFT_OUT.get(name, ()) and (name not in ONLY or member in ONLY[name])
            }
        schemas[name] = schema
        wanted |= refer(schema, set()) - schemas.keys()
    info = {key: document["info"][key] for key in ("title", "version")}
    cut = {"openapi": document["openapi"], "info": info, "paths": paths,
           "components": {"schemas": dict(sorted(schemas.items()))}}
    json.dump(cut, sys.stdout, indent=1, ensure_ascii=False)
    print()


main()
