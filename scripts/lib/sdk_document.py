#!/usr/bin/env python3
"""What the generators of the SDKs are given of the API document, and the tables that their hand-written layers need.

sdk_document.py document typescript|python|rust   the document as that generator takes it
sdk_document.py tables typescript|python|rust     what the layer has to know of operations and problems, as source
"""

import copy
import json
import pathlib
import re
import sys

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "openapi" / "openapi.json"

# Who runs the service asks these, not who uses it; the gateway calls the last one.
LEFT_OUT_TAGS = {"Operations"}
LEFT_OUT = {"receiveStripeEvent"}
# The layer follows the stream; what is generated reads pages.
RENAMED = {"followEvents": "listEvents"}
# Later versions add to these: a client of today must not fail at what it does not know. In TypeScript nothing is checked
# at run time, and in Python our template checks nothing, so there they stay as they are.
OPEN_ENUMS = ("ProblemType", "EventType")
METHODS = ("get", "put", "post", "delete", "patch")
LICENSE_LINE = "Generated from openapi/openapi.json by scripts/sdk. Do not edit."


def operations(document):
    """Of each operation its path, method and description, in the order of the document."""
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def resolved(document, parameter):
    """A parameter, wherever it is described."""
    if "$ref" not in parameter:
        return parameter
    return document["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]]


def has_parameter(document, operation, place, name):
    """Whether the operation takes this parameter."""
    parameters = (resolved(document, parameter) for parameter in operation.get("parameters", []))
    return any(p["in"] == place and p["name"].lower() == name.lower() for p in parameters)


def for_clients(document):
    """The operations that clients have, without what the layer does by itself."""
    for path, method, operation in list(operations(document)):
        if operation["operationId"] in LEFT_OUT or LEFT_OUT_TAGS & set(operation.get("tags", [])):
            del document["paths"][path][method]
            continue
        operation["operationId"] = RENAMED.get(operation["operationId"], operation["operationId"])
        kept = []
        for parameter in operation.get("parameters", []):
            parameter = copy.deepcopy(resolved(document, parameter))
            if parameter["name"] in ("Consistency-Token", "Last-Event-ID"):
                continue
            if parameter["name"] == "Consistency":
                # One type for all operations.
                document["components"]["schemas"].setdefault("ConsistencyLevel", parameter["schema"])
                parameter["schema"] = {"$ref": "#/components/schemas/ConsistencyLevel"}
            kept.append(parameter)
        operation["parameters"] = kept
        for response in operation["responses"].values():
            response.get("content", {}).pop("text/event-stream", None)
    document["paths"] = {path: methods for path, methods in document["paths"].items() if methods}
    document["components"]["schemas"].get("ConsistencyLevel", {}).pop("default", None)
    return document


def open_enums(document):
    """Names that later versions add to become texts."""
    for name in OPEN_ENUMS:
        document["components"]["schemas"][name].pop("enum", None)


def for_python(document):
    """Refusals are left out: the layer raises them before what is generated sees them. Our templates leave enums open.

    Events of later versions may be about something else, which becomes a model of what there is.
    """
    document["components"]["schemas"]["OtherEventData"] = {"type": "object", "additionalProperties": True}
    document["components"]["schemas"]["EventData"]["anyOf"].append({"$ref": "#/components/schemas/OtherEventData"})
    for _, _, operation in operations(document):
        operation["responses"] = {s: r for s, r in operation["responses"].items() if s.startswith("2")}
    return walk(document, plain_reference)


def for_rust(document):
    """OpenAPI 3.0 with one success and one refusal of each operation, and types that are plain.

    - Every refusal is a `Problem`, in JSON: the layer makes one of whatever else is answered.
    - Bounds of texts and numbers would become types of their own. The service says what is wrong, by field.
    - What an event is about is left as JSON: the layer reads it by the event's type, instead of by trial.
    """
    open_enums(document)
    document["openapi"] = "3.0.3"
    document["components"]["schemas"]["EventData"] = {
        "type": "object",
        "description": document["components"]["schemas"]["EventData"].get("description", ""),
        "additionalProperties": True,
    }
    problem = {
        "description": "Refused",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for _, _, operation in operations(document):
        succeeded = {s: r for s, r in operation["responses"].items() if s.startswith("2")}
        for response in succeeded.values():
            response.pop("headers", None)
        operation["responses"] = {**succeeded, "4XX": problem, "5XX": problem}
    return walk(walk(document, plain_reference), without_bounds)


def walk(node, change):
    """The document with every object in it changed, from the inside out."""
    if isinstance(node, list):
        return [walk(item, change) for item in node]
    if isinstance(node, dict):
        return change({name: walk(value, change) for name, value in node.items()})
    return node


def plain_reference(node):
    """A reference that has a description beside it, as OpenAPI 3.0 can only say by `allOf`, becomes the reference."""
    parts = node.get("allOf")
    if not isinstance(parts, list) or node.get("nullable"):
        return node
    references = [part for part in parts if "$ref" in part]
    if len(references) == 1 and all(set(part) <= {"$ref", "description"} for part in parts):
        return references[0]
    return node


def without_bounds(node):
    """Drops bounds, where the object is a schema that has a type."""
    if not isinstance(node.get("type"), str):
        return node
    bounds = ("minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems", "example")
    return {name: value for name, value in node.items() if name not in bounds}


def table(document):
    """Of each operation its id, path, and whether it takes an idempotency key."""
    for path, _, operation in operations(document):
        keyed = has_parameter(document, operation, "header", "Idempotency-Key")
        yield {"id": operation["operationId"], "path": path, "takes_key": keyed}


def snake(name):
    """`createOrder` as `create_order`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def pattern(path):
    """A path as a regular expression; its parameters match one segment. What is before it is the base URL's."""
    return re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path).replace(r"\-", "-")) + "$"


def constant(name):
    """`/problems/ticket-sold` as a constant's name."""
    return name.rsplit("/", 1)[1].replace("-", "_").upper()


def tables_typescript(rows, problems):
    lines = [f"// {LICENSE_LINE}", "", "/** Paths whose POST takes an idempotency key. */"]
    lines.append("export const KEYED_PATHS: readonly RegExp[] = [")
    lines += [
        "  /" + pattern(row["path"]).replace("/", r"\/").replace(r"[^\/]", "[^/]") + "/,"
        for row in rows
        if row["takes_key"]
    ]
    lines += ["];", "", "/** Every type of problem; later versions may know more. */", "export const ProblemTypes = {"]
    lines += [f"  {constant(name)}: '{name}'," for name in problems]
    lines += ["} as const;", ""]
    return "\n".join(lines)


def tables_python(rows, problems):
    lines = [
        f'"""{LICENSE_LINE}"""',
        "",
        "import re",
        "",
        "#: Paths whose POST takes an idempotency key.",
        "KEYED_PATHS = (",
    ]
    lines += [f'    re.compile(r"{pattern(row["path"])}"),' for row in rows if row["takes_key"]]
    lines += [")", "", "", "class ProblemTypes:", '    """Every type of problem; later versions may know more."""', ""]
    lines += [f'    {constant(name)} = "{name}"' for name in problems]
    return "\n".join(lines) + "\n"


def tables_rust(rows, problems):
    lines = [
        f"// {LICENSE_LINE}",
        "",
        "/// Operations that take an idempotency key.",
        "pub(crate) const TAKE_KEY: &[&str] = &[",
    ]
    lines += [f'    "{snake(row["id"])}",' for row in rows if row["takes_key"]]
    lines += ["];", "", "/// Every type of problem; later versions may know more.", "pub mod problem_types {"]
    for name in problems:
        lines += [f"    /// `{name}`", f'    pub const {constant(name)}: &str = "{name}";']
    lines += ["}", ""]
    return "\n".join(lines)


def main(what, language):
    document = for_clients(json.loads(DOCUMENT.read_text()))
    if what == "document":
        shaped = {"typescript": lambda d: d, "python": for_python, "rust": for_rust}[language](document)
        json.dump(shaped, sys.stdout, indent=2)
    elif what == "tables":
        problems = document["components"]["schemas"]["ProblemType"]["enum"]
        write = {"typescript": tables_typescript, "python": tables_python, "rust": tables_rust}[language]
        sys.stdout.write(write(table(document), problems))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
