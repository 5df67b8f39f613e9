"""Every operation of the API as a method: what the hand-written clients are made of."""

# ruff: noqa: F403, F405
import datetime
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar

from ..client import Client
from ..models import *
from ..types import UNSET, Response, Unset
from .events import acknowledge_events as _acknowledge_events
from .events import delete_consumer as _delete_consumer
from .events import extend_leases as _extend_leases
from .events import fetch_events as _fetch_events
from .events import get_consumer as _get_consumer
from .events import give_events_back as _give_events_back
from .events import list_consumers as _list_consumers
from .events import list_events as _list_events
from .events import list_parked_events as _list_parked_events
from .events import put_consumer as _put_consumer
from .events import redrive_parked_events as _redrive_parked_events
from .keys import create_operator_key as _create_operator_key
from .keys import list_operator_keys as _list_operator_keys
from .keys import revoke_operator_key as _revoke_operator_key
from .orders import cancel_order as _cancel_order
from .orders import create_order as _create_order
from .orders import get_order as _get_order
from .orders import get_order_history as _get_order_history
from .orders import list_orders as _list_orders
from .payments import create_payment as _create_payment
from .payments import create_payment_intent as _create_payment_intent
from .payments import create_refund as _create_refund
from .payments import get_payment as _get_payment
from .payments import get_refund as _get_refund
from .payments import list_order_payments as _list_order_payments
from .payments import list_payments as _list_payments
from .payments import list_refunds as _list_refunds
from .payments import retry_refund as _retry_refund
from .tickets import create_ticket as _create_ticket
from .tickets import delete_ticket as _delete_ticket
from .tickets import freeze_ticket as _freeze_ticket
from .tickets import get_ticket as _get_ticket
from .tickets import list_tickets as _list_tickets
from .tickets import replace_ticket as _replace_ticket
from .tickets import unfreeze_ticket as _unfreeze_ticket
from .users import change_password as _change_password
from .users import current_user as _current_user
from .users import delete_account as _delete_account
from .users import end_session as _end_session
from .users import list_sessions as _list_sessions
from .users import reset_password as _reset_password
from .users import sign_in as _sign_in
from .users import sign_out as _sign_out
from .users import sign_up as _sign_up
from .webhooks import create_webhook as _create_webhook
from .webhooks import delete_webhook as _delete_webhook
from .webhooks import get_webhook as _get_webhook
from .webhooks import list_webhook_attempts as _list_webhook_attempts
from .webhooks import list_webhooks as _list_webhooks
from .webhooks import resend_webhook as _resend_webhook
from .webhooks import rotate_webhook_secret as _rotate_webhook_secret
from .webhooks import test_webhook as _test_webhook
from .webhooks import update_webhook as _update_webhook


class Operations:
    """Every operation of the API, which waits for its answer."""

    _generated: Client

    def _pages(self, operation: Callable[..., Response[Any]], place: str, **arguments: Any) -> Iterator[Any]:
        raise NotImplementedError

    def sign_up(
        self,
        *,
        body: NewAccount,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> SignedInUser:
        """Sign up.

        Makes an account and signs it in.
        """
        return (
            _sign_up.sync_detailed(
                client=self._generated,
                body=body,
                consistency=consistency,
            )
        ).parsed

    def current_user(
        self,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> CurrentUser:
        """Who am I.

        Nobody, without a credential or with one that is not good; an operator's key is nobody's account.
        """
        return (
            _current_user.sync_detailed(
                client=self._generated,
                consistency=consistency,
            )
        ).parsed

    def delete_account(
        self,
        *,
        body: AccountDeletion,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Delete my account.

        Removes the personal data, ends all sessions, and takes what is still on sale off it.
        """
        _delete_account.sync_detailed(
            client=self._generated,
            body=body,
            consistency=consistency,
        )

    def sign_in(
        self,
        *,
        body: Credentials,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> SignedInUser:
        """Sign in.

        Opens one more session. An unknown address and a wrong password get the same answer.
        """
        return (
            _sign_in.sync_detailed(
                client=self._generated,
                body=body,
                consistency=consistency,
            )
        ).parsed

    def sign_out(
        self,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Nothing:
        """Sign out.

        Ends the session that the request came with, if it came with one, and clears the cookie.
        """
        return (
            _sign_out.sync_detailed(
                client=self._generated,
                consistency=consistency,
            )
        ).parsed

    def list_sessions(
        self,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Session]:
        """List my sessions.

        The devices and programs that are signed in, newest first.
        """
        return (
            _list_sessions.sync_detailed(
                client=self._generated,
                consistency=consistency,
            )
        ).parsed

    def end_session(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """End one of my sessions.

        Its token counts for nothing from then on; it may be the one that asks.
        """
        _end_session.sync_detailed(
            client=self._generated,
            id=id,
            consistency=consistency,
        )

    def change_password(
        self,
        *,
        body: NewPassword,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Change my password.

        Ends all other sessions.
        """
        _change_password.sync_detailed(
            client=self._generated,
            body=body,
            consistency=consistency,
        )

    def reset_password(
        self,
        *,
        body: PasswordReset,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Reset a forgotten password.

        With the one-time token that an operator gave out. Ends all sessions.
        """
        _reset_password.sync_detailed(
            client=self._generated,
            body=body,
            consistency=consistency,
        )

    def list_tickets(
        self,
        *,
        keyword: str | Unset = UNSET,
        min_price: float | Unset = UNSET,
        max_price: float | Unset = UNSET,
        seller: str | Unset = UNSET,
        sort: TicketSort | Unset = UNSET,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Ticket]:
        """List the tickets on sale.

        A page may hold fewer than `limit` although more follow: `Link` says whether there is a next page.
        """
        return (
            _list_tickets.sync_detailed(
                client=self._generated,
                keyword=keyword,
                min_price=min_price,
                max_price=max_price,
                seller=seller,
                sort=sort,
                limit=limit,
                cursor=cursor,
                consistency=consistency,
            )
        ).parsed

    def iter_tickets(
        self,
        *,
        keyword: str | Unset = UNSET,
        min_price: float | Unset = UNSET,
        max_price: float | Unset = UNSET,
        seller: str | Unset = UNSET,
        sort: TicketSort | Unset = UNSET,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Iterator[Ticket]:
        """All of `list_tickets`, page by page as they are taken."""
        return self._pages(
            _list_tickets.sync_detailed,
            "cursor",
            keyword=keyword,
            min_price=min_price,
            max_price=max_price,
            seller=seller,
            sort=sort,
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )

    def create_ticket(
        self,
        *,
        body: TicketInput,
        idempotency_key: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Ticket:
        """Post a ticket.

        With a `startsAt` in the past it is accepted and `available`, but neither listed nor orderable until its
        seller sets a later one.
        """
        return (
            _create_ticket.sync_detailed(
                client=self._generated,
                body=body,
                idempotency_key=idempotency_key,
                consistency=consistency,
            )
        ).parsed

    def get_ticket(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Ticket:
        """Show a ticket.

        Whoever asks, and whether it is on sale or not.
        """
        return (
            _get_ticket.sync_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    def replace_ticket(
        self,
        id: str,
        *,
        body: TicketInput,
        if_match: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Ticket:
        """Replace what a ticket says.

        By its seller, while no order holds it: what the body leaves out the ticket has no longer.
        """
        return (
            _replace_ticket.sync_detailed(
                client=self._generated,
                id=id,
                body=body,
                if_match=if_match,
                consistency=consistency,
            )
        ).parsed

    def delete_ticket(
        self,
        id: str,
        *,
        if_match: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Withdraw a ticket.

        By its seller, while no order holds it. It is gone for good.
        """
        _delete_ticket.sync_detailed(
            client=self._generated,
            id=id,
            if_match=if_match,
            consistency=consistency,
        )

    def freeze_ticket(
        self,
        id: str,
        *,
        if_match: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Ticket:
        """Take a ticket off sale.

        By its seller, while no order holds it. A frozen ticket stays as it is.
        """
        return (
            _freeze_ticket.sync_detailed(
                client=self._generated,
                id=id,
                if_match=if_match,
                consistency=consistency,
            )
        ).parsed

    def unfreeze_ticket(
        self,
        id: str,
        *,
        if_match: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Ticket:
        """Put a ticket back on sale.

        By its seller. A ticket that is not frozen stays as it is.
        """
        return (
            _unfreeze_ticket.sync_detailed(
                client=self._generated,
                id=id,
                if_match=if_match,
                consistency=consistency,
            )
        ).parsed

    def list_orders(
        self,
        *,
        status: OrderStatus | Unset = UNSET,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Order]:
        """List my orders, oldest first.

        A page may hold fewer than `limit` although more follow: `Link` says whether there is a next page.
        """
        return (
            _list_orders.sync_detailed(
                client=self._generated,
                status=status,
                limit=limit,
                cursor=cursor,
                consistency=consistency,
            )
        ).parsed

    def iter_orders(
        self,
        *,
        status: OrderStatus | Unset = UNSET,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Iterator[Order]:
        """All of `list_orders`, page by page as they are taken."""
        return self._pages(
            _list_orders.sync_detailed,
            "cursor",
            status=status,
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )

    def create_order(
        self,
        *,
        body: OrderInput,
        idempotency_key: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Order:
        """Reserve a ticket.

        The price is locked. What is not paid by `expiresAt` goes back on sale.
        """
        return (
            _create_order.sync_detailed(
                client=self._generated,
                body=body,
                idempotency_key=idempotency_key,
                consistency=consistency,
            )
        ).parsed

    def get_order(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Order:
        """Show one of my orders.

        Anybody's with an operator's key that has the scope `orders:read`.
        """
        return (
            _get_order.sync_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    def cancel_order(
        self,
        id: str,
        *,
        if_match: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Cancel one of my orders.

        The ticket goes back on sale. Cancelling a cancelled order changes nothing. If a payment is under way that waits for
        the buyer, it is given up first: 202 if the gateway has not said in time that no money moves, and then the order is
        cancelled once it does; 409 of the type `/problems/order-paid` if the money had moved before.
        """
        _cancel_order.sync_detailed(
            client=self._generated,
            id=id,
            if_match=if_match,
            consistency=consistency,
        )

    def get_order_history(
        self,
        id: str,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[OrderTransition]:
        """Show how one of my orders came to be what it is, oldest transition first.

        Of an order that is older than this service keeps histories, there are its beginning, what was kept since, and
        its latest transition. Anybody's with an operator's key that has the scope `orders:read`.
        """
        return (
            _get_order_history.sync_detailed(
                client=self._generated,
                id=id,
                limit=limit,
                cursor=cursor,
                consistency=consistency,
            )
        ).parsed

    def iter_order_history(
        self,
        id: str,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Iterator[OrderTransition]:
        """All of `get_order_history`, page by page as they are taken."""
        return self._pages(
            _get_order_history.sync_detailed,
            "cursor",
            id=id,
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )

    def list_order_payments(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Payment]:
        """List the attempts to pay for an order, oldest first.

        For its buyer and the ticket's seller, and with an operator's key that has the scope `payments:read`. Of an order
        that is older than this service keeps histories, only the latest attempt.
        """
        return (
            _list_order_payments.sync_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    def create_payment_intent(
        self,
        id: str,
        *,
        idempotency_key: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> PaymentIntent:
        """Pay for an order in a browser.

        Begins a payment that the buyer confirms in their browser with the `clientSecret`. It holds the order like any
        other; asking again while it is under way gives the same one. Look at the payment for what becomes of it. A
        decline ends it, and the next one begins anew. Not every gateway can: the sandbox answers 409 of the type
        `/problems/no-browser-payments`.
        """
        return (
            _create_payment_intent.sync_detailed(
                client=self._generated,
                id=id,
                idempotency_key=idempotency_key,
                consistency=consistency,
            )
        ).parsed

    def list_payments(
        self,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Payment]:
        """List my payments, oldest first.

        Every attempt to pay for one of my orders, whatever came of it.
        """
        return (
            _list_payments.sync_detailed(
                client=self._generated,
                limit=limit,
                cursor=cursor,
                consistency=consistency,
            )
        ).parsed

    def iter_payments(
        self,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Iterator[Payment]:
        """All of `list_payments`, page by page as they are taken."""
        return self._pages(
            _list_payments.sync_detailed,
            "cursor",
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )

    def create_payment(
        self,
        *,
        body: PaymentInput,
        idempotency_key: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Payment:
        """Pay for an order.

        Waits up to 10 seconds for the gateway. If the buyer has to do something first, such as prove who they are to
        their bank, the payment stays `processing` and its `nextAction` says what. A decline (402) leaves the order open until its deadline; its
        problem has the `declineCode` and the `paymentId`. A charge that comes to pass only after the order was
        released is refunded: 409 of the type `/problems/payment-refunded`, with the `paymentId`. A payment under way in
        a browser makes way for this one: it is given up first, unless its money has moved. Whose cards are declined again
        and again is answered 429 for a while.
        """
        return (
            _create_payment.sync_detailed(
                client=self._generated,
                body=body,
                idempotency_key=idempotency_key,
                consistency=consistency,
            )
        ).parsed

    def get_payment(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Payment:
        """Show a payment.

        To its buyer and the ticket's seller, and anybody's with an operator's key that has the scope `payments:read`. What
        the buyer has to do next is shown to them alone, and why a card was declined not to the seller.
        """
        return (
            _get_payment.sync_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    def list_refunds(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Refund]:
        """List the refunds of a payment, oldest first.

        For its buyer and the ticket's seller, and with an operator's key that has the scope `payments:read` or `refunds`.
        """
        return (
            _list_refunds.sync_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    def create_refund(
        self,
        id: str,
        *,
        body: RefundInput,
        idempotency_key: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Refund:
        """Give back what was paid, whole or in part.

        By the ticket's seller, or with an operator's key that has the scope `refunds`. All refunds of a payment together,
        pending ones included, come to no more than was paid. Waits up to 10 seconds for the gateway. Once all went
        back the order is `cancelled` with the reason `refunded`, and the ticket `frozen`: its seller may unfreeze it. A
        part leaves the order `complete`.
        """
        return (
            _create_refund.sync_detailed(
                client=self._generated,
                id=id,
                body=body,
                idempotency_key=idempotency_key,
                consistency=consistency,
            )
        ).parsed

    def get_refund(
        self,
        id: str,
        refund_id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Refund:
        """Show a refund.

        To whom the payment's refunds are listed.
        """
        return (
            _get_refund.sync_detailed(
                client=self._generated,
                id=id,
                refund_id=refund_id,
                consistency=consistency,
            )
        ).parsed

    def retry_refund(
        self,
        id: str,
        refund_id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Refund:
        """Have a refund that failed tried again.

        With an operator's key that has the scope `refunds`. A refund that is pending or has succeeded stays as it is.
        """
        return (
            _retry_refund.sync_detailed(
                client=self._generated,
                id=id,
                refund_id=refund_id,
                consistency=consistency,
            )
        ).parsed

    def list_events(
        self,
        *,
        after: str | Unset = UNSET,
        types: str | Unset = UNSET,
        subject: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Event]:
        """Follow what happens.

        Events of tickets are for anybody; a user is also shown those of their own orders and payments, an operator's key
        with the scope `events:read` all. Each version of a ticket, an order or a payment is one event: who follows all
        types and finds another `version` than the last one and one has missed an event.

        The stream is one of server-sent events (`text/event-stream`), which browsers read with `EventSource`. It begins
        with the oldest event that is kept, goes on for as long as the client stays, and has a comment every 15 seconds.
        Where it breaks off, `Last-Event-ID` resumes it, on another replica as well, without a gap or a repetition. A
        position that is older than what is kept, or of before a restore, gets an event named `reset` first, whose data
        has the id of the `oldest` one that is kept, where the stream then goes on. The stream ends when the session or
        key does, when the replica stops, or when the client is too slow to take what there is.

        With `Accept: application/json` there are pages of events instead; `Last-Event-ID` says how far one of them looked,
        and `Link` leads to the next one if there is more to look at. A position that is too old is refused with 410.
        """
        return (
            _list_events.sync_detailed(
                client=self._generated,
                after=after,
                types=types,
                subject=subject,
                limit=limit,
                consistency=consistency,
            )
        ).parsed

    def iter_events(
        self,
        *,
        after: str | Unset = UNSET,
        types: str | Unset = UNSET,
        subject: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Iterator[Event]:
        """All of `list_events`, page by page as they are taken."""
        return self._pages(
            _list_events.sync_detailed,
            "after",
            after=after,
            types=types,
            subject=subject,
            limit=limit,
            consistency=consistency,
        )

    def list_consumers(
        self,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Consumer]:
        """List consumer groups.

        Those of the user, or of the operator's key, that asks. A key needs the scope `events:read` for all that is about
        groups.
        """
        return (
            _list_consumers.sync_detailed(
                client=self._generated,
                consistency=consistency,
            )
        ).parsed

    def get_consumer(
        self,
        group: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Consumer:
        """Show a consumer group.

        And how far it is: what it has yet to look at, and what it has under way or parked.
        """
        return (
            _get_consumer.sync_detailed(
                client=self._generated,
                group=group,
                consistency=consistency,
            )
        ).parsed

    def put_consumer(
        self,
        group: str,
        *,
        body: ConsumerInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Consumer:
        """Make a consumer group, or change it.

        The group goes through the events that its owner sees, and leases each to one fetch. Its name has 1 to 64 letters,
        digits, dots, hyphens and underscores.
        """
        return (
            _put_consumer.sync_detailed(
                client=self._generated,
                group=group,
                body=body,
                consistency=consistency,
            )
        ).parsed

    def delete_consumer(
        self,
        group: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Remove a consumer group.

        With all that it has under way or parked.
        """
        _delete_consumer.sync_detailed(
            client=self._generated,
            group=group,
            consistency=consistency,
        )

    def fetch_events(
        self,
        group: str,
        *,
        limit: int | Unset = UNSET,
        wait: int | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Deliveries:
        """Lease events.

        Each event is leased to one fetch. What is not acknowledged in time is given again, to whoever fetches. Events
        about the same thing never run side by side, nor out of order: there may be several of them in one answer, in
        order, and the next ones wait until those are acknowledged. Whatever was given as often as it may be is parked, and
        the others flow on. An answer of about a MiB has fewer events than asked for.
        """
        return (
            _fetch_events.sync_detailed(
                client=self._generated,
                group=group,
                limit=limit,
                wait=wait,
                consistency=consistency,
            )
        ).parsed

    def acknowledge_events(
        self,
        group: str,
        *,
        body: AckInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Acknowledge events.

        They were dealt with, and nobody is given them again. Acknowledging twice changes nothing, nor does acknowledging what
        somebody else has acknowledged by then: that is a 204, too. A lease whose time is over still counts until another
        fetch is given the event, or an earlier one about the same thing, or until such an earlier one that was parked is to
        be given again. Those that count no more are named in a 409, and the others are acknowledged all the same.
        """
        _acknowledge_events.sync_detailed(
            client=self._generated,
            group=group,
            body=body,
            consistency=consistency,
        )

    def give_events_back(
        self,
        group: str,
        *,
        body: NackInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Give events back.

        To be given again, or parked if they were given as often as they may be.
        """
        _give_events_back.sync_detailed(
            client=self._generated,
            group=group,
            body=body,
            consistency=consistency,
        )

    def extend_leases(
        self,
        group: str,
        *,
        body: ExtendInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Keep events for longer.

        And with each those before it about the same thing, as far as the same fetch was given them.
        """
        _extend_leases.sync_detailed(
            client=self._generated,
            group=group,
            body=body,
            consistency=consistency,
        )

    def list_parked_events(
        self,
        group: str,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[ParkedEvent]:
        """List parked events, oldest first.

        Those that were given as often as they may be, until they are given again or their group is removed.
        """
        return (
            _list_parked_events.sync_detailed(
                client=self._generated,
                group=group,
                limit=limit,
                cursor=cursor,
                consistency=consistency,
            )
        ).parsed

    def iter_parked_events(
        self,
        group: str,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Iterator[ParkedEvent]:
        """All of `list_parked_events`, page by page as they are taken."""
        return self._pages(
            _list_parked_events.sync_detailed,
            "cursor",
            group=group,
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )

    def redrive_parked_events(
        self,
        group: str,
        *,
        body: RedriveInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Redriven:
        """Have parked events given again.

        As if they never had been.
        """
        return (
            _redrive_parked_events.sync_detailed(
                client=self._generated,
                group=group,
                body=body,
                consistency=consistency,
            )
        ).parsed

    def list_webhooks(
        self,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Webhook]:
        """List my endpoints.

        Those of the user, or of the operator's key, that asks. A key needs the scope `events:read` for all that is about
        endpoints.
        """
        return (
            _list_webhooks.sync_detailed(
                client=self._generated,
                consistency=consistency,
            )
        ).parsed

    def create_webhook(
        self,
        *,
        body: WebhookInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> WebhookWithSecret:
        """Be told of events.

        Of those that you may see: of tickets, and of your own orders and payments; of all with an operator's key that has
        the scope `events:read`. Each is POSTed as a CloudEvent, signed after Standard Webhooks, until it is answered 2xx
        within 10 seconds: at least once, and for three days at most. The secret is in this answer and nowhere else, so that
        there is no idempotency key: whoever lost the answer deletes the endpoint and makes another.
        """
        return (
            _create_webhook.sync_detailed(
                client=self._generated,
                body=body,
                consistency=consistency,
            )
        ).parsed

    def get_webhook(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Webhook:
        """Show one of my endpoints.

        And how it fares: what waits for it, and since when it fails if it does.
        """
        return (
            _get_webhook.sync_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    def delete_webhook(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Remove one of my endpoints.

        With all that waits for it, and its attempts.
        """
        _delete_webhook.sync_detailed(
            client=self._generated,
            id=id,
            consistency=consistency,
        )

    def update_webhook(
        self,
        id: str,
        *,
        body: WebhookChange,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Webhook:
        """Change one of my endpoints.

        Whoever gives it another URL, or enables it, has what waits tried at once.
        """
        return (
            _update_webhook.sync_detailed(
                client=self._generated,
                id=id,
                body=body,
                consistency=consistency,
            )
        ).parsed

    def rotate_webhook_secret(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> WebhookWithSecret:
        """Replace an endpoint's secret.

        For a day messages are signed with both. The new secret is in this answer and nowhere else; whoever lost it replaces
        it once more, and the one before the last counts no longer then.
        """
        return (
            _rotate_webhook_secret.sync_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    def list_webhook_attempts(
        self,
        id: str,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[WebhookAttempt]:
        """List the latest attempts to send something to an endpoint, newest first.

        The newest hundred are kept.
        """
        return (
            _list_webhook_attempts.sync_detailed(
                client=self._generated,
                id=id,
                limit=limit,
                cursor=cursor,
                consistency=consistency,
            )
        ).parsed

    def iter_webhook_attempts(
        self,
        id: str,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Iterator[WebhookAttempt]:
        """All of `list_webhook_attempts`, page by page as they are taken."""
        return self._pages(
            _list_webhook_attempts.sync_detailed,
            "cursor",
            id=id,
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )

    def resend_webhook(
        self,
        id: str,
        *,
        body: WebhookResend,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Webhook:
        """Send events to an endpoint once more.

        One by its id, or all from a time or an event on, as far as they are kept. What is sent again has the id that it had.
        If an event before those is not dealt with yet, all that follow it are sent again, delivered or not.
        """
        return (
            _resend_webhook.sync_detailed(
                client=self._generated,
                id=id,
                body=body,
                consistency=consistency,
            )
        ).parsed

    def test_webhook(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> WebhookTest:
        """Send an endpoint a test.

        A CloudEvent of the type `webhook:test`, about nothing and without a `sequence`, once. Another one that was not sent
        yet is forgotten.
        """
        return (
            _test_webhook.sync_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    def list_operator_keys(
        self,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[OperatorKey]:
        """List the operator's keys.

        With a key that has the scope `keys`.
        """
        return (
            _list_operator_keys.sync_detailed(
                client=self._generated,
                consistency=consistency,
            )
        ).parsed

    def create_operator_key(
        self,
        *,
        body: KeyInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> NewOperatorKey:
        """Make an operator's key.

        With a key that has the scope `keys`, and every scope that the new one gets. The secret is in this answer and
        nowhere else, so that there is no idempotency key: whoever lost the answer revokes the key and makes another.
        """
        return (
            _create_operator_key.sync_detailed(
                client=self._generated,
                body=body,
                consistency=consistency,
            )
        ).parsed

    def revoke_operator_key(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Revoke an operator's key.

        With a key that has the scope `keys`; it may be itself. From then on the key changes nothing more anywhere, and each
        replica refuses it once that has heard of it. To revoke it again changes nothing.
        """
        _revoke_operator_key.sync_detailed(
            client=self._generated,
            id=id,
            consistency=consistency,
        )


class AsyncOperations:
    """Every operation of the API, to be awaited."""

    _generated: Client

    def _pages(self, operation: Callable[..., Any], place: str, **arguments: Any) -> AsyncIterator[Any]:
        raise NotImplementedError

    async def sign_up(
        self,
        *,
        body: NewAccount,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> SignedInUser:
        """Sign up.

        Makes an account and signs it in.
        """
        return (
            await _sign_up.asyncio_detailed(
                client=self._generated,
                body=body,
                consistency=consistency,
            )
        ).parsed

    async def current_user(
        self,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> CurrentUser:
        """Who am I.

        Nobody, without a credential or with one that is not good; an operator's key is nobody's account.
        """
        return (
            await _current_user.asyncio_detailed(
                client=self._generated,
                consistency=consistency,
            )
        ).parsed

    async def delete_account(
        self,
        *,
        body: AccountDeletion,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Delete my account.

        Removes the personal data, ends all sessions, and takes what is still on sale off it.
        """
        await _delete_account.asyncio_detailed(
            client=self._generated,
            body=body,
            consistency=consistency,
        )

    async def sign_in(
        self,
        *,
        body: Credentials,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> SignedInUser:
        """Sign in.

        Opens one more session. An unknown address and a wrong password get the same answer.
        """
        return (
            await _sign_in.asyncio_detailed(
                client=self._generated,
                body=body,
                consistency=consistency,
            )
        ).parsed

    async def sign_out(
        self,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Nothing:
        """Sign out.

        Ends the session that the request came with, if it came with one, and clears the cookie.
        """
        return (
            await _sign_out.asyncio_detailed(
                client=self._generated,
                consistency=consistency,
            )
        ).parsed

    async def list_sessions(
        self,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Session]:
        """List my sessions.

        The devices and programs that are signed in, newest first.
        """
        return (
            await _list_sessions.asyncio_detailed(
                client=self._generated,
                consistency=consistency,
            )
        ).parsed

    async def end_session(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """End one of my sessions.

        Its token counts for nothing from then on; it may be the one that asks.
        """
        await _end_session.asyncio_detailed(
            client=self._generated,
            id=id,
            consistency=consistency,
        )

    async def change_password(
        self,
        *,
        body: NewPassword,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Change my password.

        Ends all other sessions.
        """
        await _change_password.asyncio_detailed(
            client=self._generated,
            body=body,
            consistency=consistency,
        )

    async def reset_password(
        self,
        *,
        body: PasswordReset,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Reset a forgotten password.

        With the one-time token that an operator gave out. Ends all sessions.
        """
        await _reset_password.asyncio_detailed(
            client=self._generated,
            body=body,
            consistency=consistency,
        )

    async def list_tickets(
        self,
        *,
        keyword: str | Unset = UNSET,
        min_price: float | Unset = UNSET,
        max_price: float | Unset = UNSET,
        seller: str | Unset = UNSET,
        sort: TicketSort | Unset = UNSET,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Ticket]:
        """List the tickets on sale.

        A page may hold fewer than `limit` although more follow: `Link` says whether there is a next page.
        """
        return (
            await _list_tickets.asyncio_detailed(
                client=self._generated,
                keyword=keyword,
                min_price=min_price,
                max_price=max_price,
                seller=seller,
                sort=sort,
                limit=limit,
                cursor=cursor,
                consistency=consistency,
            )
        ).parsed

    def iter_tickets(
        self,
        *,
        keyword: str | Unset = UNSET,
        min_price: float | Unset = UNSET,
        max_price: float | Unset = UNSET,
        seller: str | Unset = UNSET,
        sort: TicketSort | Unset = UNSET,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> AsyncIterator[Ticket]:
        """All of `list_tickets`, page by page as they are taken."""
        return self._pages(
            _list_tickets.asyncio_detailed,
            "cursor",
            keyword=keyword,
            min_price=min_price,
            max_price=max_price,
            seller=seller,
            sort=sort,
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )

    async def create_ticket(
        self,
        *,
        body: TicketInput,
        idempotency_key: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Ticket:
        """Post a ticket.

        With a `startsAt` in the past it is accepted and `available`, but neither listed nor orderable until its
        seller sets a later one.
        """
        return (
            await _create_ticket.asyncio_detailed(
                client=self._generated,
                body=body,
                idempotency_key=idempotency_key,
                consistency=consistency,
            )
        ).parsed

    async def get_ticket(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Ticket:
        """Show a ticket.

        Whoever asks, and whether it is on sale or not.
        """
        return (
            await _get_ticket.asyncio_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    async def replace_ticket(
        self,
        id: str,
        *,
        body: TicketInput,
        if_match: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Ticket:
        """Replace what a ticket says.

        By its seller, while no order holds it: what the body leaves out the ticket has no longer.
        """
        return (
            await _replace_ticket.asyncio_detailed(
                client=self._generated,
                id=id,
                body=body,
                if_match=if_match,
                consistency=consistency,
            )
        ).parsed

    async def delete_ticket(
        self,
        id: str,
        *,
        if_match: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Withdraw a ticket.

        By its seller, while no order holds it. It is gone for good.
        """
        await _delete_ticket.asyncio_detailed(
            client=self._generated,
            id=id,
            if_match=if_match,
            consistency=consistency,
        )

    async def freeze_ticket(
        self,
        id: str,
        *,
        if_match: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Ticket:
        """Take a ticket off sale.

        By its seller, while no order holds it. A frozen ticket stays as it is.
        """
        return (
            await _freeze_ticket.asyncio_detailed(
                client=self._generated,
                id=id,
                if_match=if_match,
                consistency=consistency,
            )
        ).parsed

    async def unfreeze_ticket(
        self,
        id: str,
        *,
        if_match: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Ticket:
        """Put a ticket back on sale.

        By its seller. A ticket that is not frozen stays as it is.
        """
        return (
            await _unfreeze_ticket.asyncio_detailed(
                client=self._generated,
                id=id,
                if_match=if_match,
                consistency=consistency,
            )
        ).parsed

    async def list_orders(
        self,
        *,
        status: OrderStatus | Unset = UNSET,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Order]:
        """List my orders, oldest first.

        A page may hold fewer than `limit` although more follow: `Link` says whether there is a next page.
        """
        return (
            await _list_orders.asyncio_detailed(
                client=self._generated,
                status=status,
                limit=limit,
                cursor=cursor,
                consistency=consistency,
            )
        ).parsed

    def iter_orders(
        self,
        *,
        status: OrderStatus | Unset = UNSET,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> AsyncIterator[Order]:
        """All of `list_orders`, page by page as they are taken."""
        return self._pages(
            _list_orders.asyncio_detailed,
            "cursor",
            status=status,
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )

    async def create_order(
        self,
        *,
        body: OrderInput,
        idempotency_key: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Order:
        """Reserve a ticket.

        The price is locked. What is not paid by `expiresAt` goes back on sale.
        """
        return (
            await _create_order.asyncio_detailed(
                client=self._generated,
                body=body,
                idempotency_key=idempotency_key,
                consistency=consistency,
            )
        ).parsed

    async def get_order(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Order:
        """Show one of my orders.

        Anybody's with an operator's key that has the scope `orders:read`.
        """
        return (
            await _get_order.asyncio_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    async def cancel_order(
        self,
        id: str,
        *,
        if_match: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Cancel one of my orders.

        The ticket goes back on sale. Cancelling a cancelled order changes nothing. If a payment is under way that waits for
        the buyer, it is given up first: 202 if the gateway has not said in time that no money moves, and then the order is
        cancelled once it does; 409 of the type `/problems/order-paid` if the money had moved before.
        """
        await _cancel_order.asyncio_detailed(
            client=self._generated,
            id=id,
            if_match=if_match,
            consistency=consistency,
        )

    async def get_order_history(
        self,
        id: str,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[OrderTransition]:
        """Show how one of my orders came to be what it is, oldest transition first.

        Of an order that is older than this service keeps histories, there are its beginning, what was kept since, and
        its latest transition. Anybody's with an operator's key that has the scope `orders:read`.
        """
        return (
            await _get_order_history.asyncio_detailed(
                client=self._generated,
                id=id,
                limit=limit,
                cursor=cursor,
                consistency=consistency,
            )
        ).parsed

    def iter_order_history(
        self,
        id: str,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> AsyncIterator[OrderTransition]:
        """All of `get_order_history`, page by page as they are taken."""
        return self._pages(
            _get_order_history.asyncio_detailed,
            "cursor",
            id=id,
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )

    async def list_order_payments(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Payment]:
        """List the attempts to pay for an order, oldest first.

        For its buyer and the ticket's seller, and with an operator's key that has the scope `payments:read`. Of an order
        that is older than this service keeps histories, only the latest attempt.
        """
        return (
            await _list_order_payments.asyncio_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    async def create_payment_intent(
        self,
        id: str,
        *,
        idempotency_key: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> PaymentIntent:
        """Pay for an order in a browser.

        Begins a payment that the buyer confirms in their browser with the `clientSecret`. It holds the order like any
        other; asking again while it is under way gives the same one. Look at the payment for what becomes of it. A
        decline ends it, and the next one begins anew. Not every gateway can: the sandbox answers 409 of the type
        `/problems/no-browser-payments`.
        """
        return (
            await _create_payment_intent.asyncio_detailed(
                client=self._generated,
                id=id,
                idempotency_key=idempotency_key,
                consistency=consistency,
            )
        ).parsed

    async def list_payments(
        self,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Payment]:
        """List my payments, oldest first.

        Every attempt to pay for one of my orders, whatever came of it.
        """
        return (
            await _list_payments.asyncio_detailed(
                client=self._generated,
                limit=limit,
                cursor=cursor,
                consistency=consistency,
            )
        ).parsed

    def iter_payments(
        self,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> AsyncIterator[Payment]:
        """All of `list_payments`, page by page as they are taken."""
        return self._pages(
            _list_payments.asyncio_detailed,
            "cursor",
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )

    async def create_payment(
        self,
        *,
        body: PaymentInput,
        idempotency_key: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Payment:
        """Pay for an order.

        Waits up to 10 seconds for the gateway. If the buyer has to do something first, such as prove who they are to
        their bank, the payment stays `processing` and its `nextAction` says what. A decline (402) leaves the order open until its deadline; its
        problem has the `declineCode` and the `paymentId`. A charge that comes to pass only after the order was
        released is refunded: 409 of the type `/problems/payment-refunded`, with the `paymentId`. A payment under way in
        a browser makes way for this one: it is given up first, unless its money has moved. Whose cards are declined again
        and again is answered 429 for a while.
        """
        return (
            await _create_payment.asyncio_detailed(
                client=self._generated,
                body=body,
                idempotency_key=idempotency_key,
                consistency=consistency,
            )
        ).parsed

    async def get_payment(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Payment:
        """Show a payment.

        To its buyer and the ticket's seller, and anybody's with an operator's key that has the scope `payments:read`. What
        the buyer has to do next is shown to them alone, and why a card was declined not to the seller.
        """
        return (
            await _get_payment.asyncio_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    async def list_refunds(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Refund]:
        """List the refunds of a payment, oldest first.

        For its buyer and the ticket's seller, and with an operator's key that has the scope `payments:read` or `refunds`.
        """
        return (
            await _list_refunds.asyncio_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    async def create_refund(
        self,
        id: str,
        *,
        body: RefundInput,
        idempotency_key: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Refund:
        """Give back what was paid, whole or in part.

        By the ticket's seller, or with an operator's key that has the scope `refunds`. All refunds of a payment together,
        pending ones included, come to no more than was paid. Waits up to 10 seconds for the gateway. Once all went
        back the order is `cancelled` with the reason `refunded`, and the ticket `frozen`: its seller may unfreeze it. A
        part leaves the order `complete`.
        """
        return (
            await _create_refund.asyncio_detailed(
                client=self._generated,
                id=id,
                body=body,
                idempotency_key=idempotency_key,
                consistency=consistency,
            )
        ).parsed

    async def get_refund(
        self,
        id: str,
        refund_id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Refund:
        """Show a refund.

        To whom the payment's refunds are listed.
        """
        return (
            await _get_refund.asyncio_detailed(
                client=self._generated,
                id=id,
                refund_id=refund_id,
                consistency=consistency,
            )
        ).parsed

    async def retry_refund(
        self,
        id: str,
        refund_id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Refund:
        """Have a refund that failed tried again.

        With an operator's key that has the scope `refunds`. A refund that is pending or has succeeded stays as it is.
        """
        return (
            await _retry_refund.asyncio_detailed(
                client=self._generated,
                id=id,
                refund_id=refund_id,
                consistency=consistency,
            )
        ).parsed

    async def list_events(
        self,
        *,
        after: str | Unset = UNSET,
        types: str | Unset = UNSET,
        subject: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Event]:
        """Follow what happens.

        Events of tickets are for anybody; a user is also shown those of their own orders and payments, an operator's key
        with the scope `events:read` all. Each version of a ticket, an order or a payment is one event: who follows all
        types and finds another `version` than the last one and one has missed an event.

        The stream is one of server-sent events (`text/event-stream`), which browsers read with `EventSource`. It begins
        with the oldest event that is kept, goes on for as long as the client stays, and has a comment every 15 seconds.
        Where it breaks off, `Last-Event-ID` resumes it, on another replica as well, without a gap or a repetition. A
        position that is older than what is kept, or of before a restore, gets an event named `reset` first, whose data
        has the id of the `oldest` one that is kept, where the stream then goes on. The stream ends when the session or
        key does, when the replica stops, or when the client is too slow to take what there is.

        With `Accept: application/json` there are pages of events instead; `Last-Event-ID` says how far one of them looked,
        and `Link` leads to the next one if there is more to look at. A position that is too old is refused with 410.
        """
        return (
            await _list_events.asyncio_detailed(
                client=self._generated,
                after=after,
                types=types,
                subject=subject,
                limit=limit,
                consistency=consistency,
            )
        ).parsed

    def iter_events(
        self,
        *,
        after: str | Unset = UNSET,
        types: str | Unset = UNSET,
        subject: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> AsyncIterator[Event]:
        """All of `list_events`, page by page as they are taken."""
        return self._pages(
            _list_events.asyncio_detailed,
            "after",
            after=after,
            types=types,
            subject=subject,
            limit=limit,
            consistency=consistency,
        )

    async def list_consumers(
        self,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Consumer]:
        """List consumer groups.

        Those of the user, or of the operator's key, that asks. A key needs the scope `events:read` for all that is about
        groups.
        """
        return (
            await _list_consumers.asyncio_detailed(
                client=self._generated,
                consistency=consistency,
            )
        ).parsed

    async def get_consumer(
        self,
        group: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Consumer:
        """Show a consumer group.

        And how far it is: what it has yet to look at, and what it has under way or parked.
        """
        return (
            await _get_consumer.asyncio_detailed(
                client=self._generated,
                group=group,
                consistency=consistency,
            )
        ).parsed

    async def put_consumer(
        self,
        group: str,
        *,
        body: ConsumerInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Consumer:
        """Make a consumer group, or change it.

        The group goes through the events that its owner sees, and leases each to one fetch. Its name has 1 to 64 letters,
        digits, dots, hyphens and underscores.
        """
        return (
            await _put_consumer.asyncio_detailed(
                client=self._generated,
                group=group,
                body=body,
                consistency=consistency,
            )
        ).parsed

    async def delete_consumer(
        self,
        group: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Remove a consumer group.

        With all that it has under way or parked.
        """
        await _delete_consumer.asyncio_detailed(
            client=self._generated,
            group=group,
            consistency=consistency,
        )

    async def fetch_events(
        self,
        group: str,
        *,
        limit: int | Unset = UNSET,
        wait: int | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Deliveries:
        """Lease events.

        Each event is leased to one fetch. What is not acknowledged in time is given again, to whoever fetches. Events
        about the same thing never run side by side, nor out of order: there may be several of them in one answer, in
        order, and the next ones wait until those are acknowledged. Whatever was given as often as it may be is parked, and
        the others flow on. An answer of about a MiB has fewer events than asked for.
        """
        return (
            await _fetch_events.asyncio_detailed(
                client=self._generated,
                group=group,
                limit=limit,
                wait=wait,
                consistency=consistency,
            )
        ).parsed

    async def acknowledge_events(
        self,
        group: str,
        *,
        body: AckInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Acknowledge events.

        They were dealt with, and nobody is given them again. Acknowledging twice changes nothing, nor does acknowledging what
        somebody else has acknowledged by then: that is a 204, too. A lease whose time is over still counts until another
        fetch is given the event, or an earlier one about the same thing, or until such an earlier one that was parked is to
        be given again. Those that count no more are named in a 409, and the others are acknowledged all the same.
        """
        await _acknowledge_events.asyncio_detailed(
            client=self._generated,
            group=group,
            body=body,
            consistency=consistency,
        )

    async def give_events_back(
        self,
        group: str,
        *,
        body: NackInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Give events back.

        To be given again, or parked if they were given as often as they may be.
        """
        await _give_events_back.asyncio_detailed(
            client=self._generated,
            group=group,
            body=body,
            consistency=consistency,
        )

    async def extend_leases(
        self,
        group: str,
        *,
        body: ExtendInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Keep events for longer.

        And with each those before it about the same thing, as far as the same fetch was given them.
        """
        await _extend_leases.asyncio_detailed(
            client=self._generated,
            group=group,
            body=body,
            consistency=consistency,
        )

    async def list_parked_events(
        self,
        group: str,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[ParkedEvent]:
        """List parked events, oldest first.

        Those that were given as often as they may be, until they are given again or their group is removed.
        """
        return (
            await _list_parked_events.asyncio_detailed(
                client=self._generated,
                group=group,
                limit=limit,
                cursor=cursor,
                consistency=consistency,
            )
        ).parsed

    def iter_parked_events(
        self,
        group: str,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> AsyncIterator[ParkedEvent]:
        """All of `list_parked_events`, page by page as they are taken."""
        return self._pages(
            _list_parked_events.asyncio_detailed,
            "cursor",
            group=group,
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )

    async def redrive_parked_events(
        self,
        group: str,
        *,
        body: RedriveInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Redriven:
        """Have parked events given again.

        As if they never had been.
        """
        return (
            await _redrive_parked_events.asyncio_detailed(
                client=self._generated,
                group=group,
                body=body,
                consistency=consistency,
            )
        ).parsed

    async def list_webhooks(
        self,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[Webhook]:
        """List my endpoints.

        Those of the user, or of the operator's key, that asks. A key needs the scope `events:read` for all that is about
        endpoints.
        """
        return (
            await _list_webhooks.asyncio_detailed(
                client=self._generated,
                consistency=consistency,
            )
        ).parsed

    async def create_webhook(
        self,
        *,
        body: WebhookInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> WebhookWithSecret:
        """Be told of events.

        Of those that you may see: of tickets, and of your own orders and payments; of all with an operator's key that has
        the scope `events:read`. Each is POSTed as a CloudEvent, signed after Standard Webhooks, until it is answered 2xx
        within 10 seconds: at least once, and for three days at most. The secret is in this answer and nowhere else, so that
        there is no idempotency key: whoever lost the answer deletes the endpoint and makes another.
        """
        return (
            await _create_webhook.asyncio_detailed(
                client=self._generated,
                body=body,
                consistency=consistency,
            )
        ).parsed

    async def get_webhook(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Webhook:
        """Show one of my endpoints.

        And how it fares: what waits for it, and since when it fails if it does.
        """
        return (
            await _get_webhook.asyncio_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    async def delete_webhook(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Remove one of my endpoints.

        With all that waits for it, and its attempts.
        """
        await _delete_webhook.asyncio_detailed(
            client=self._generated,
            id=id,
            consistency=consistency,
        )

    async def update_webhook(
        self,
        id: str,
        *,
        body: WebhookChange,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Webhook:
        """Change one of my endpoints.

        Whoever gives it another URL, or enables it, has what waits tried at once.
        """
        return (
            await _update_webhook.asyncio_detailed(
                client=self._generated,
                id=id,
                body=body,
                consistency=consistency,
            )
        ).parsed

    async def rotate_webhook_secret(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> WebhookWithSecret:
        """Replace an endpoint's secret.

        For a day messages are signed with both. The new secret is in this answer and nowhere else; whoever lost it replaces
        it once more, and the one before the last counts no longer then.
        """
        return (
            await _rotate_webhook_secret.asyncio_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    async def list_webhook_attempts(
        self,
        id: str,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[WebhookAttempt]:
        """List the latest attempts to send something to an endpoint, newest first.

        The newest hundred are kept.
        """
        return (
            await _list_webhook_attempts.asyncio_detailed(
                client=self._generated,
                id=id,
                limit=limit,
                cursor=cursor,
                consistency=consistency,
            )
        ).parsed

    def iter_webhook_attempts(
        self,
        id: str,
        *,
        limit: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> AsyncIterator[WebhookAttempt]:
        """All of `list_webhook_attempts`, page by page as they are taken."""
        return self._pages(
            _list_webhook_attempts.asyncio_detailed,
            "cursor",
            id=id,
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )

    async def resend_webhook(
        self,
        id: str,
        *,
        body: WebhookResend,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> Webhook:
        """Send events to an endpoint once more.

        One by its id, or all from a time or an event on, as far as they are kept. What is sent again has the id that it had.
        If an event before those is not dealt with yet, all that follow it are sent again, delivered or not.
        """
        return (
            await _resend_webhook.asyncio_detailed(
                client=self._generated,
                id=id,
                body=body,
                consistency=consistency,
            )
        ).parsed

    async def test_webhook(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> WebhookTest:
        """Send an endpoint a test.

        A CloudEvent of the type `webhook:test`, about nothing and without a `sequence`, once. Another one that was not sent
        yet is forgotten.
        """
        return (
            await _test_webhook.asyncio_detailed(
                client=self._generated,
                id=id,
                consistency=consistency,
            )
        ).parsed

    async def list_operator_keys(
        self,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> list[OperatorKey]:
        """List the operator's keys.

        With a key that has the scope `keys`.
        """
        return (
            await _list_operator_keys.asyncio_detailed(
                client=self._generated,
                consistency=consistency,
            )
        ).parsed

    async def create_operator_key(
        self,
        *,
        body: KeyInput,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> NewOperatorKey:
        """Make an operator's key.

        With a key that has the scope `keys`, and every scope that the new one gets. The secret is in this answer and
        nowhere else, so that there is no idempotency key: whoever lost the answer revokes the key and makes another.
        """
        return (
            await _create_operator_key.asyncio_detailed(
                client=self._generated,
                body=body,
                consistency=consistency,
            )
        ).parsed

    async def revoke_operator_key(
        self,
        id: str,
        *,
        consistency: ConsistencyLevel | Unset = UNSET,
    ) -> None:
        """Revoke an operator's key.

        With a key that has the scope `keys`; it may be itself. From then on the key changes nothing more anywhere, and each
        replica refuses it once that has heard of it. To revoke it again changes nothing.
        """
        await _revoke_operator_key.asyncio_detailed(
            client=self._generated,
            id=id,
            consistency=consistency,
        )
