"""A client of three replicas, which openapi/sdks/testing/cluster.py starts, that loses the leader."""

import asyncio
import json
import os
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from boxoffice_client import AsyncBoxoffice, Boxoffice
from boxoffice_client.models import Event, NewAccount, OrderInput, PaymentInput, TicketInput

CLUSTER = os.environ.get("BOXOFFICE_CLUSTER")
pytestmark = pytest.mark.skipif(not CLUSTER, reason="scripts/sdk test starts what this talks to")

# When the leader dies, in ms after an order is sent: before it arrives, while it is decided, after it is answered.
ROUNDS = (0, 2, 5, 10, 30)
PATIENCE = 30.0


def control(path: str) -> Any:
    with urllib.request.urlopen(urllib.request.Request(f"{CLUSTER}{path}", b"", method="POST")) as answer:
        return json.load(answer)


class Follower(threading.Thread):
    """Takes all events, until an order is complete."""

    def __init__(self, urls: list[str], key: str) -> None:
        super().__init__(daemon=True)
        self.client = Boxoffice(urls, key)
        self.events: list[Event] = []
        self.last: str | None = None

    def run(self) -> None:
        for followed in self.client.follow_events():
            assert isinstance(followed, Event)
            self.events.append(followed)
            if followed.type_ == "order:completed" and followed.subject == self.last:
                return

    def seen(self, kind: str, of: list[str]) -> list[str]:
        return [event.subject for event in self.events if event.type_ == kind and event.subject in of]


def test_each_order_is_made_once_while_the_leader_is_lost_and_no_event_is_missed() -> None:
    told = control("/cluster")
    shop = Boxoffice(told["urls"])
    accounts = [NewAccount(email=f"{name}-py@example.com", password="orange bicycle") for name in ("ann", "ben")]
    tokens = [shop.sign_up(body=account).token for account in accounts]
    follower = Follower(told["urls"], told["key"])
    follower.start()

    orders: list[str] = []
    for number, after_ms in enumerate(ROUNDS):
        urls = control("/cluster")["urls"]
        # The leader itself is asked, or one that has to ask the leader.
        client = Boxoffice(urls if number % 2 == 0 else [*urls[1:], urls[0]])
        ann, ben = (client.with_token(token) for token in tokens)
        ticket = ann.create_ticket(body=TicketInput(title=f"Round {number}", price=19.99))
        with ThreadPoolExecutor() as pool:
            lost = pool.submit(control, f"/lose?after_ms={after_ms}")
            order = ben.create_order(body=OrderInput(ticket_id=ticket.id))
            lost.result()
        if number == len(ROUNDS) - 1:
            follower.last = order.id
        payment = ben.create_payment(body=PaymentInput(order_id=order.id, token="tok_visa"))
        orders.append(order.id)

        made = [each.id for each in ben.iter_orders(limit=2) if each.ticket.id == ticket.id]
        assert made == [order.id], "one order of the ticket"
        assert [each.id for each in ben.list_order_payments(order.id)] == [payment.id], "one payment of the order"
        control("/mend")

    follower.join(PATIENCE)
    assert not follower.is_alive(), "the last order is complete"
    sequences = [int(event.sequence) for event in follower.events]
    assert sequences == list(range(sequences[0], sequences[0] + len(sequences))), "no gap and no repetition"
    assert follower.seen("order:created", orders) == orders
    assert follower.seen("order:completed", orders) == orders

    ben = shop.with_token(tokens[1])
    assert {order.id for order in ben.iter_orders()} == set(orders)
    assert [payment.status for payment in ben.iter_payments(limit=1)] == ["succeeded"] * len(orders)


def test_the_awaited_client_buys_once_while_the_leader_is_lost() -> None:
    asyncio.run(buy_awaited())


async def buy_awaited() -> None:
    urls = control("/cluster")["urls"]
    async with AsyncBoxoffice(urls) as shop:
        accounts = [NewAccount(email=f"{name}-aio@example.com", password="orange bicycle") for name in ("ann", "ben")]
        signed_up = await asyncio.gather(*(shop.sign_up(body=account) for account in accounts))
        ann, ben = (shop.with_token(user.token) for user in signed_up)
        ticket = await ann.create_ticket(body=TicketInput(title="Awaited", price=9.5))
        lost = asyncio.create_task(asyncio.to_thread(control, "/lose?after_ms=2"))
        order = await ben.create_order(body=OrderInput(ticket_id=ticket.id))
        await lost
        payment = await ben.create_payment(body=PaymentInput(order_id=order.id, token="tok_visa"))
        followed = ben.follow_events(subject=order.id)
        kinds = []
        async for event in followed:
            assert isinstance(event, Event)
            kinds.append(event.type_)
            if event.type_ == "order:completed":
                break
        assert kinds[0] == "order:created"
        assert [each.id async for each in ben.iter_orders()] == [order.id]
        assert [each.id async for each in ben.iter_payments()] == [payment.id]
        await asyncio.to_thread(control, "/mend")
