"""Stripe's official library against the stand-in: official_client.py URL.

What it sends the stand-in has to understand, and what it is answered it has to make sense of. Ends with 1 otherwise."""

import sys

import stripe

stripe.api_base = sys.argv[1]
stripe.api_key = "sk_test_standin"
stripe.api_version = "2023-08-16"
stripe.max_network_retries = 0

INTENT = {"amount": 2500, "currency": "usd", "payment_method_types": ["card"], "metadata": {"order": "o1"}}


def refused(call):
    try:
        call()
    except stripe.StripeError as error:
        return error
    raise AssertionError("it was not refused")


method = stripe.PaymentMethod.create(type="card", card={"token": "tok_visa"})
assert (method.type, method.card.last4) == ("card", "4242")
intent = stripe.PaymentIntent.create(**INTENT, payment_method=method.id)
assert intent.status == "requires_confirmation" and intent.metadata["order"] == "o1"
paid = stripe.PaymentIntent.confirm(intent.id)
assert paid.status == "succeeded" and paid.amount_received == 2500
charge = stripe.Charge.retrieve(paid.latest_charge)
assert charge.paid and charge.payment_intent == intent.id

again = refused(lambda: stripe.PaymentIntent.confirm(intent.id))
assert isinstance(again, stripe.InvalidRequestError) and again.code == "payment_intent_unexpected_state"
assert again.error.payment_intent["status"] == "succeeded"

declined = stripe.PaymentIntent.create(**INTENT, payment_method="pm_card_chargeDeclinedInsufficientFunds")
why = refused(lambda: stripe.PaymentIntent.confirm(declined.id))
assert isinstance(why, stripe.CardError) and why.error.decline_code == "insufficient_funds"
assert stripe.PaymentIntent.retrieve(declined.id).last_payment_error.code == "card_declined"
assert stripe.PaymentIntent.cancel(declined.id, cancellation_reason="abandoned").status == "canceled"

acting = stripe.PaymentIntent.create(**INTENT, payment_method="pm_card_threeDSecure2Required")
acting = stripe.PaymentIntent.confirm(acting.id, return_url="https://tickets.example/back")
assert acting.next_action.redirect_to_url.return_url == "https://tickets.example/back"

part = stripe.Refund.create(payment_intent=intent.id, amount=1000, metadata={"refund": "r1"})
rest = stripe.Refund.create(charge=charge.id)
assert (part.amount, rest.amount, rest.status) == (1000, 1500, "succeeded")
none_left = refused(lambda: stripe.Refund.create(charge=charge.id))
assert none_left.code == "charge_already_refunded"
assert [refund.id for refund in stripe.Refund.list(payment_intent=intent.id)] == [rest.id, part.id]

listed = stripe.PaymentIntent.list(limit=1, created={"gte": intent.created})
assert [one.id for one in listed.auto_paging_iter()] == [acting.id, declined.id, intent.id]

first = stripe.PaymentIntent.create(**INTENT, idempotency_key="k1")
same = stripe.PaymentIntent.create(**INTENT, idempotency_key="k1")
assert first.id == same.id and same.last_response.headers["Idempotent-Replayed"] == "true"
other = refused(lambda: stripe.PaymentIntent.create(**{**INTENT, "amount": 2600}, idempotency_key="k1"))
assert isinstance(other, stripe.IdempotencyError)
assert isinstance(refused(lambda: stripe.PaymentIntent.create(**INTENT, colour="red")), stripe.InvalidRequestError)
assert isinstance(refused(lambda: stripe.PaymentIntent.retrieve("pi_none")), stripe.InvalidRequestError)
stranger = refused(lambda: stripe.PaymentIntent.retrieve(intent.id, api_key="sk_test_other"))
assert isinstance(stranger, stripe.AuthenticationError)
