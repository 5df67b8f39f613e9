"""What every client has to do, whatever it is written in: what it is answered, and what it is to make of that.

A case has a call, what the servers `a` and `b` answer one after another, the requests that have to come for it, and what the
call has to end with. `dead` is a server that refuses connections.
"""

import json

AT = "2030-05-01T19:30:00Z"
EPOCH = "00000000000000aa"
NEW_EPOCH = "00000000000000bb"

TICKET = {
    "id": "ticket_1", "title": "Opening night", "price": 19.99, "currency": "usd", "userId": "user_1", "status": "available",
    "version": 0, "createdAt": AT, "updatedAt": AT,
}
ORDER = {
    "id": "order_1", "userId": "user_2", "status": "created", "expiresAt": AT, "expiresInSeconds": 900, "version": 0,
    "ticket": {"id": "ticket_1", "title": "Opening night", "price": 19.99, "currency": "usd", "userId": "user_1", "version": 1},
    "createdAt": AT, "updatedAt": AT,
}
SIGNED_IN = {"id": "user_3", "email": "ann@example.com", "token": "token_3", "tokenExpiresAt": AT}
WEBHOOK = {
    "id": "webhook_1", "url": "https://shop.example/", "types": [], "enabled": True, "createdAt": AT, "secretCreatedAt": AT,
    "position": f"{EPOCH}-1", "waiting": 0, "failures": 0, "secret": "whsec_x",
}


def ok(body, status=200, **headers):
    """An answer in JSON."""
    return {"status": status, "json": body, "headers": {name.replace("_", "-"): value for name, value in headers.items()}}


def ticket(number=1, **headers):
    """A page of one ticket, or the ticket itself."""
    return ok({**TICKET, "id": f"ticket_{number}"}, **headers)


def problem(status, slug, retry_after=None, errors=None, consistency_token=None, detail="For a test"):
    """A refusal."""
    body = {"type": f"/problems/{slug}", "title": "Refused", "status": status, "detail": detail,
            "errors": errors or [{"message": "For a test"}]}
    headers = {"content-type": "application/problem+json"}
    if consistency_token is not None:
        headers["consistency-token"] = consistency_token
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return {"status": status, "json": body, "headers": headers}


def refused(status, slug, retry_after=None, errors=None, problem_type=None, text="Refused: For a test"):
    """How a call ends that was refused so, and what it says in one line."""
    return {"problem": {"type": problem_type or f"/problems/{slug}", "status": status, "retryAfter": retry_after,
                        "errors": errors or {}, "text": f"{status} {text}"}}


def event(number, kind="ticket:created", data=None):
    """An event of the stream."""
    body = {
        "id": f"{EPOCH}-{number}", "source": "urn:boxoffice:test", "specversion": "1.0", "type": kind,
        "subject": "ticket_1", "time": AT, "sequence": f"{number:020}", "datacontenttype": "application/json",
        "dataschema": "urn:boxoffice:openapi", "data": TICKET if data is None else data,
    }
    return f"id: {EPOCH}-{number}\ndata: {json.dumps(body)}\n\n"


def stream(*pieces, hold=False):
    """A stream of these pieces; a number is a pause in milliseconds. It breaks off at the end, or is silent from then on."""
    return {"stream": list(pieces), "hold": hold}


LOST = {"drop": "before"}
LOST_IN_THE_MIDDLE = {"drop": "middle", **ok(ORDER, 201)}
MADE = ok(ORDER, 201)
UNREACHABLE = {"unreachable": True}


def case(name, call, a=(), b=(), urls=("a",), expect=None, requests=(), **more):
    """A case."""
    return {"name": name, "call": call, "a": list(a), "b": list(b), "urls": list(urls), "expect": expect,
            "requests": list(requests), **more}


def asked(server="a", **has):
    """A request that has to come, `least_ms` after the one before, `of_case_ms` after the case began. Its `key`: a `new` one,
    the `same` as before, or None.
    """
    return {"server": server, **has}


CASES = [
    # Idempotency keys and retries.
    case("an order whose answer is lost is sent again under the same key", "create_order", [LOST, LOST, MADE],
         expect={"ok": "order_1"}, requests=[asked(key="new"), asked(key="same"), asked(key="same")]),
    case("an answer that breaks off is asked for again under the same key", "create_order", [LOST_IN_THE_MIDDLE, MADE],
         expect={"ok": "order_1"}, requests=[asked(key="new"), asked(key="same")]),
    case("Retry-After is obeyed", "create_order", [problem(503, "unavailable", 1), MADE],
         expect={"ok": "order_1"}, requests=[asked(key="new"), asked(key="same", least_ms=1_000)]),
    case("a key that is in progress is waited for", "create_order", [problem(409, "key-in-progress"), MADE],
         expect={"ok": "order_1"}, requests=[asked(key="new"), asked(key="same")]),
    case("a key of one's own is kept", "create_order", [LOST, MADE], key="mine",
         expect={"ok": "order_1"}, requests=[asked(key="mine"), asked(key="mine")]),
    case("two calls have two keys", "create_order_twice", [MADE, MADE],
         expect={"ok": ["order_1", "order_1"]}, requests=[asked(key="new"), asked(key="new")]),
    case("a POST without a key is not sent again when it may have happened", "create_webhook",
         [problem(503, "unavailable", 1)], expect=refused(503, "unavailable", 1), requests=[asked(key=None)]),
    case("a POST without a key whose answer is lost is not sent again", "create_webhook", [LOST],
         expect=UNREACHABLE, requests=[asked(key=None)]),
    case("a POST without a key is sent again when nothing happened", "create_webhook",
         [problem(503, "replica-behind"), problem(503, "no-leader"), ok(WEBHOOK, 201)],
         expect={"ok": "webhook_1"}, requests=[asked(key=None), asked(key=None), asked(key=None)]),
    case("too many requests are slowed down", "create_webhook", [problem(429, "too-many-requests", 1), ok(WEBHOOK, 201)],
         expect={"ok": "webhook_1"}, requests=[asked(), asked(least_ms=1_000)]),
    case("who refuses connections got nothing, and the next one is asked", "create_webhook", [ok(WEBHOOK, 201)],
         urls=("dead", "a"), expect={"ok": "webhook_1"}, requests=[asked("a")]),
    case("who was reached last is asked first", "get_ticket_4", [ticket(), ticket(), ticket(), ticket()], urls=("dead", "a"),
         expect={"ok": ["ticket_1"] * 4}, requests=[asked("a")] * 4),
    case("a replica that dies is left for the next one", "create_order", [LOST], [MADE], urls=("a", "b"),
         expect={"ok": "order_1"}, requests=[asked("a", key="new"), asked("b", key="same")]),
    case("a proxy's page is no answer", "get_ticket", [{"status": 502, "text": "<h1>Bad gateway</h1>"}, ticket()],
         expect={"ok": "ticket_1"}, requests=[asked(), asked()]),
    case("what takes too long is asked again", "get_ticket", [{"delay_ms": 20_000, **ticket(2)}, ticket()],
         retry={"attempt_timeout_ms": 2_000}, expect={"ok": "ticket_1"}, requests=[asked(), asked(of_case_ms=2_000)]),
    case("attempts are bounded", "get_ticket", [problem(503, "replica-behind")] * 5, retry={"max_attempts": 3},
         expect=refused(503, "replica-behind"), requests=[asked(), asked(), asked()]),
    case("time is bounded: a long Retry-After is the caller's to wait for", "create_order", [problem(503, "sales-held", 60)],
         retry={"total_time_ms": 30_000}, expect=refused(503, "sales-held", 60), requests=[asked(key="new")]),
    case("time is bounded: an answer that does not come either", "get_ticket", [{"delay_ms": 40_000, **ticket()}],
         retry={"total_time_ms": 1_000}, expect=UNREACHABLE, requests=[asked()]),
    case("a fault of the service is not asked again", "create_order", [problem(500, "internal")],
         expect=refused(500, "internal"), requests=[asked(key="new")]),
    case("a change that replaces may be sent again", "replace_ticket", [LOST, ticket()],
         expect={"ok": "ticket_1"}, requests=[asked(key=None), asked(key=None)]),
    # Problems.
    case("a problem has its type", "get_ticket", [problem(404, "not-found")],
         expect=refused(404, "not-found"), requests=[asked(authorization="Bearer token_1")]),
    case("a problem has its errors by field", "create_order",
         [problem(400, "invalid-input", errors=[{"message": "is missing", "field": "ticketId"}, {"message": "all wrong"}])],
         expect=refused(400, "invalid-input", errors={"ticketId": ["is missing"]},
                        text="Refused: For a test; ticketId is missing"), requests=[asked()]),
    case("a problem says each thing once: its errors", "create_order",
         [problem(400, "invalid-input", errors=[{"message": "is missing", "field": "ticketId"}, {"message": "all wrong"}],
                  detail="ticketId is missing; all wrong")],
         expect=refused(400, "invalid-input", errors={"ticketId": ["is missing"]},
                        text="Refused: ticketId is missing; all wrong"), requests=[asked()]),
    case("a problem says each thing once: its title", "get_ticket", [problem(404, "not-found", detail="Refused")],
         expect=refused(404, "not-found", text="Refused"), requests=[asked()]),
    case("a problem of a later version has its type", "create_order", [problem(409, "on-the-moon")],
         expect=refused(409, "on-the-moon"), requests=[asked()]),
    case("a word of a later version is taken", "get_ticket", [ok({**TICKET, "status": "raffled", "raffle": {"tickets": 9}})],
         expect={"ok": "ticket_1"}, requests=[asked()]),
    case("who is led elsewhere does not follow", "get_ticket", [{"status": 307, "text": "", "headers": {"location": "/x"}}],
         expect=refused(307, "", problem_type="about:blank", text="Temporary Redirect"), requests=[asked()]),
    # Who is asking.
    case("who signs somebody in is the same as before", "sign_up_and_look",
         [ok(SIGNED_IN, 201, set_cookie="session=token_3; Path=/; HttpOnly; SameSite=Lax"), ticket()],
         expect={"ok": "ticket_1"}, requests=[asked(cookie=None), asked(cookie=None, authorization="Bearer token_1")]),
    # Consistency.
    case("the token is carried along: the greatest of an epoch, or that of a new epoch", "get_ticket_4",
         [ticket(consistency_token=f"{EPOCH}-10"), ticket(consistency_token=f"{EPOCH}-9"),
          ticket(consistency_token=f"{NEW_EPOCH}-1"), ticket()],
         expect={"ok": ["ticket_1"] * 4},
         requests=[asked(consistency_token=None), asked(consistency_token=f"{EPOCH}-10"),
                   asked(consistency_token=f"{EPOCH}-10"), asked(consistency_token=f"{NEW_EPOCH}-1")]),
    case("a refusal has a token too", "create_order",
         [problem(503, "replica-behind", consistency_token=f"{EPOCH}-7"), MADE],
         expect={"ok": "order_1"}, requests=[asked(consistency_token=None), asked(consistency_token=f"{EPOCH}-7")]),
    # Pages.
    case("all pages are gone through", "iter_tickets",
         [ok([{**TICKET, "id": "ticket_1"}, {**TICKET, "id": "ticket_2"}],
             link='</api/tickets?keyword=a+b&limit=2&cursor=c2>; rel="next"'),
          ok([{**TICKET, "id": "ticket_3"}], link='</api/tickets?keyword=a+b&limit=2&cursor=c3>; rel="next"'), ok([])],
         expect={"ok": ["ticket_1", "ticket_2", "ticket_3"]},
         requests=[asked(query={"keyword": "a b", "limit": "2"}), asked(query={"keyword": "a b", "limit": "2", "cursor": "c2"}),
                   asked(query={"keyword": "a b", "limit": "2", "cursor": "c3"})]),
    # Events.
    case("a stream that breaks off is resumed where it was, elsewhere", "follow",
         [stream("retry: 50\n\n", event(1), event(2)[:30])], [stream(event(2), event(3))], urls=("a", "b"), take=3,
         expect={"ok": [f"{EPOCH}-1", f"{EPOCH}-2", f"{EPOCH}-3"]},
         requests=[asked("a", last_event_id=None, query={}), asked("b", last_event_id=f"{EPOCH}-1")]),
    case("a position without an event counts", "follow",
         [stream(f"retry: 50\n\nid: {EPOCH}-40\n\n"), stream(event(41))], after="now", take=1,
         expect={"ok": [f"{EPOCH}-41"]},
         requests=[asked(query={"after": "now"}, last_event_id=None), asked(query={}, last_event_id=f"{EPOCH}-40")]),
    case("pieces may be cut anywhere", "follow",
         [stream(event(1)[:5], 20, event(1)[5:-1], 20, "\n: sign of life\n", event(2) + event(3)[:-2], 20, "\n\n")], take=3,
         expect={"ok": [f"{EPOCH}-1", f"{EPOCH}-2", f"{EPOCH}-3"]}, requests=[asked(accept="text/event-stream")]),
    case("what is forgotten is said", "follow",
         [stream(f'id: {EPOCH}-6\nevent: reset\ndata: {{"oldest":"{EPOCH}-7"}}\n\n', event(7))], after=f"{EPOCH}-2", take=2,
         expect={"ok": [f"reset {EPOCH}-7", f"{EPOCH}-7"]}, requests=[asked(last_event_id=f"{EPOCH}-2")]),
    case("a silent stream is taken for dead", "follow",
         [stream("retry: 50\n\n", event(1), hold=True), stream(event(2))], silence_ms=2_000, take=2,
         expect={"ok": [f"{EPOCH}-1", f"{EPOCH}-2"]}, requests=[asked(), asked(last_event_id=f"{EPOCH}-1", least_ms=2_000)]),
    case("signs of life keep a stream", "follow",
         [stream(event(1), *([500, ":\n"] * 6), event(2))], silence_ms=2_500, take=2,
         expect={"ok": [f"{EPOCH}-1", f"{EPOCH}-2"]}, requests=[asked()]),
    case("a stream that is refused for now is opened later", "follow",
         [problem(503, "unavailable", 1), stream(event(1))], take=1,
         expect={"ok": [f"{EPOCH}-1"]}, requests=[asked(), asked(least_ms=1_000)]),
    case("a stream that cannot be opened is over after as many attempts as any call: nobody is there", "follow",
         urls=("dead",), retry={"max_attempts": 3}, take=1, expect=UNREACHABLE),
    case("a stream that cannot be opened is over after as many attempts as any call: it is refused", "follow",
         [problem(503, "replica-behind")] * 4, retry={"max_attempts": 3}, take=1,
         expect=refused(503, "replica-behind"), requests=[asked(), asked(), asked()]),
    case("a stream that cannot be opened is over after as long as any call", "follow",
         [{"delay_ms": 40_000, **stream(event(1))}], retry={"total_time_ms": 1_000}, take=1,
         expect=UNREACHABLE, requests=[asked()]),
    case("what is no stream of events is no answer", "follow", [{"status": 200, "text": "<h1>Welcome</h1>"}] * 3, take=1,
         retry={"max_attempts": 2}, expect=UNREACHABLE, requests=[asked(), asked()]),
    case("a stream that was open once is opened again for as long as it takes", "follow",
         [stream("retry: 50\n\n", event(1)), LOST, LOST, LOST, stream(event(2))], retry={"max_attempts": 2}, take=2,
         expect={"ok": [f"{EPOCH}-1", f"{EPOCH}-2"]}, requests=[asked(), asked(), asked(), asked(), asked()]),
    case("a refusal that does not end is not waited for", "follow",
         [{"hangs": True, **problem(503, "unavailable")}, stream(event(1))], retry={"attempt_timeout_ms": 2_000}, take=1,
         expect={"ok": [f"{EPOCH}-1"]}, requests=[asked(), asked(of_case_ms=2_000)]),
    case("a stream that is refused for good is over", "follow", [problem(401, "not-signed-in")], take=1,
         expect=refused(401, "not-signed-in"), requests=[asked(authorization="Bearer token_1")]),
    case("events of later versions are shown", "follow", [stream(event(1, "ticket:teleported", {"to": "the moon"}))], take=1,
         expect={"ok": [f"{EPOCH}-1"]}, requests=[asked()]),
    case("names of later versions are passed over", "follow", [stream("event: novelty\ndata: {}\n\n", event(1))], take=1,
         expect={"ok": [f"{EPOCH}-1"]}, requests=[asked()]),
]
