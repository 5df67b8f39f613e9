"""What every client has to do: openapi/sdks/testing/cases.py. Both clients, the one that waits and the one that is awaited."""

import asyncio
import json
import os
import urllib.request
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from boxoffice_client import AsyncBoxoffice, Boxoffice, Followed, ProblemError, RetryOptions, UnreachableError
from boxoffice_client.models import Event, NewAccount, OrderInput, TicketInput, WebhookInput

FAULTS = os.environ.get("BOXOFFICE_FAULTS")
pytestmark = pytest.mark.skipif(not FAULTS, reason="scripts/sdk test starts what this talks to")

ACCOUNT = NewAccount(email="ann@example.com", password="orange bicycle")
ORDER = OrderInput(ticket_id="ticket_1")
WEBHOOK = WebhookInput(url="https://shop.example/")
NEW_TICKET = TicketInput(title="New", price=1.0)


def told(path: str, body: Any = None) -> Any:
    request = urllib.request.Request(f"{FAULTS}{path}", json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def shown(followed: Followed) -> str:
    return followed.id if isinstance(followed, Event) else f"reset {followed.oldest}"


def key_of(case: dict[str, Any]) -> dict[str, str]:
    return {"idempotency_key": case["key"]} if "key" in case else {}


def follow(client: Boxoffice, case: dict[str, Any]) -> list[str]:
    stream = client.follow_events(case.get("after"), silence=case.get("silence_ms", 35_000) / 1_000)
    return [shown(followed) for _, followed in zip(range(case["take"]), stream, strict=False)]


async def follow_async(client: AsyncBoxoffice, case: dict[str, Any]) -> list[str]:
    seen: list[str] = []
    async for followed in client.follow_events(case.get("after"), silence=case.get("silence_ms", 35_000) / 1_000):
        seen.append(shown(followed))
        if len(seen) == case["take"]:
            break
    return seen


CALLS: dict[str, Callable[[Boxoffice, dict[str, Any]], Any]] = {
    "create_order": lambda client, case: client.create_order(body=ORDER, **key_of(case)).id,
    "create_order_twice": lambda client, _: [client.create_order(body=ORDER).id for _ in range(2)],
    "create_webhook": lambda client, _: client.create_webhook(body=WEBHOOK).id,
    "get_ticket": lambda client, _: client.get_ticket("ticket_1").id,
    "get_ticket_4": lambda client, _: [client.get_ticket("ticket_1").id for _ in range(4)],
    "sign_up_and_look": lambda client, _: (client.sign_up(body=ACCOUNT), client.get_ticket("ticket_1").id)[1],
    "replace_ticket": lambda client, _: client.replace_ticket("ticket_1", body=NEW_TICKET).id,
    "iter_tickets": lambda client, _: [ticket.id for ticket in client.iter_tickets(keyword="a b", limit=2)],
    "follow": follow,
}

ASYNC_CALLS: dict[str, Callable[[AsyncBoxoffice, dict[str, Any]], Awaitable[Any]]] = {}


def awaited(call: Callable[[AsyncBoxoffice, dict[str, Any]], Awaitable[Any]]) -> None:
    ASYNC_CALLS[call.__name__] = call


@awaited
async def create_order(client: AsyncBoxoffice, case: dict[str, Any]) -> str:
    return (await client.create_order(body=ORDER, **key_of(case))).id


@awaited
async def create_order_twice(client: AsyncBoxoffice, _: dict[str, Any]) -> list[str]:
    return [(await client.create_order(body=ORDER)).id for _ in range(2)]


@awaited
async def create_webhook(client: AsyncBoxoffice, _: dict[str, Any]) -> str:
    return (await client.create_webhook(body=WEBHOOK)).id


@awaited
async def get_ticket(client: AsyncBoxoffice, _: dict[str, Any]) -> str:
    return (await client.get_ticket("ticket_1")).id


@awaited
async def get_ticket_4(client: AsyncBoxoffice, _: dict[str, Any]) -> list[str]:
    return [(await client.get_ticket("ticket_1")).id for _ in range(4)]


@awaited
async def sign_up_and_look(client: AsyncBoxoffice, _: dict[str, Any]) -> str:
    await client.sign_up(body=ACCOUNT)
    return (await client.get_ticket("ticket_1")).id


@awaited
async def replace_ticket(client: AsyncBoxoffice, _: dict[str, Any]) -> str:
    return (await client.replace_ticket("ticket_1", body=NEW_TICKET)).id


@awaited
async def iter_tickets(client: AsyncBoxoffice, _: dict[str, Any]) -> list[str]:
    return [ticket.id async for ticket in client.iter_tickets(keyword="a b", limit=2)]


ASYNC_CALLS["follow"] = follow_async


def problem(error: ProblemError) -> dict[str, Any]:
    fields = {fault.field for fault in error.errors if isinstance(fault.field, str)}
    errors = {field: error.errors_of(field) for field in fields}
    shown = {"type": error.type, "status": error.status, "retryAfter": error.retry_after, "text": str(error)}
    return {"problem": {**shown, "errors": errors}}


def options(case: dict[str, Any]) -> RetryOptions:
    retry = case.get("retry", {})
    return RetryOptions(
        max_attempts=retry.get("max_attempts", 10),
        total_time=retry.get("total_time_ms", 60_000) / 1_000,
        attempt_timeout=retry.get("attempt_timeout_ms", 20_000) / 1_000,
        first_pause=0.02,
    )


def outcome(urls: list[str], case: dict[str, Any]) -> dict[str, Any]:
    with Boxoffice(urls, "token_1", retry=options(case)) as client:
        try:
            return {"ok": CALLS[case["call"]](client, case)}
        except UnreachableError:
            return {"unreachable": True}
        except ProblemError as error:
            return problem(error)


async def outcome_async(urls: list[str], case: dict[str, Any]) -> dict[str, Any]:
    async with AsyncBoxoffice(urls, "token_1", retry=options(case)) as client:
        try:
            return {"ok": await ASYNC_CALLS[case["call"]](client, case)}
        except UnreachableError:
            return {"unreachable": True}
        except ProblemError as error:
            return problem(error)


CASES = told("/cases") if FAULTS else []


def test_there_are_cases() -> None:
    assert len(CASES) > 20


@pytest.mark.parametrize("awaits", [False, True], ids=["waits", "awaited"])
@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["name"] for case in CASES])
def test_case(number: int, awaits: bool) -> None:
    case = CASES[number]
    urls = told(f"/begin?case={number}")["urls"]
    ended = asyncio.run(outcome_async(urls, case)) if awaits else outcome(urls, case)
    assert told(f"/end?case={number}", ended)["faults"] == []
