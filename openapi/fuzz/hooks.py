"""What Schemathesis has to know of the service that its document cannot say in a schema, and what it takes amiss."""

import atexit
import itertools
import json
import os
import re

import schemathesis
from schemathesis.core.parameters import ParameterLocation

# Replicas that may be asked: another process writes them, and leaves out whoever is about to be killed.
REPLICAS = os.environ["BOXOFFICE_FUZZ_REPLICAS"]
# For how long to wait for events that do not come: the next request may have them happen.
LONGEST_WAIT_S = 1
CONSISTENCY_TOKEN = "Consistency-Token"

PATTERN = re.compile("[0-9a-f]{16}-(0|[1-9][0-9]{0,18})$")

turns = itertools.count()


@atexit.register
def tell_how_many():
    with open(REPLICAS + ".asked", "w", encoding="utf-8") as count:
        count.write(str(next(turns)))


@schemathesis.hook
def before_call(context, case, kwargs):
    """Asks the replicas in turn, and waits for little."""
    with open(REPLICAS, encoding="utf-8") as lines:
        replicas = lines.read().split()
    replica = replicas[next(turns) % len(replicas)]
    if is_mistaken(case, case.headers.get(CONSISTENCY_TOKEN)):
        del case.headers[CONSISTENCY_TOKEN]
    wait = case.query.get("wait")
    if isinstance(wait, int) and wait > LONGEST_WAIT_S:
        case.query["wait"] = LONGEST_WAIT_S
    # A stream that has nothing to tell stays open for ever.
    if case.operation.definition.raw.get("operationId") == "followEvents" and (case.query or has_position(case)):
        case.headers["Accept"] = "application/json"
    kwargs["url"] = case.operation.schema.build_request_url(case, replica)


def has_position(case):
    return any(name.lower() == "last-event-id" for name in case.headers)


def is_mistaken(case, token):
    """Whether this is sent as if it were what the header's pattern allows. Other tokens that were answered are sent for one
    that is called so, and some phases send 0."""
    if token is None or PATTERN.match(token):
        return False
    headers = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    is_wrong_on_purpose = headers is not None and headers.mode.is_negative
    return token == "0" or not is_wrong_on_purpose


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Keeps all failures but one: OpenAPI 3.0 does not say what the schema of a stream is about. The document has it for
    the `data` of each event, as generators take it; Schemathesis takes it for the event around them."""
    if failure.title != "SSE event violates schema":
        return True
    return not all(is_as_documented(case, event) for event in events(response.text))


def events(stream):
    """The fields of each whole event."""
    for block in stream.split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":"))
        if "data" in fields:
            yield fields


def is_as_documented(case, event):
    data = json.loads(event["data"])
    name = "Reset" if event.get("event") == "reset" else "Event"
    schema = case.operation.schema.raw_schema["components"]["schemas"][name]
    return set(schema["required"]) <= set(data) <= set(schema["properties"])
