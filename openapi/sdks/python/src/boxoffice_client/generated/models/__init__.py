"""Contains all the data models used in inputs/outputs"""

from .account_deletion import AccountDeletion
from .ack_input import AckInput
from .cancel_reason import CancelReason
from .consistency_level import ConsistencyLevel
from .consumer import Consumer
from .consumer_input import ConsumerInput
from .credentials import Credentials
from .current_user import CurrentUser
from .deliveries import Deliveries
from .delivery import Delivery
from .dispute import Dispute
from .event import Event
from .event_type import EventType
from .expiration import Expiration
from .extend_input import ExtendInput
from .fault import Fault
from .health import Health
from .json_web_key import JsonWebKey
from .key_input import KeyInput
from .key_set import KeySet
from .nack_input import NackInput
from .new_account import NewAccount
from .new_operator_key import NewOperatorKey
from .new_password import NewPassword
from .next_action import NextAction
from .nothing import Nothing
from .operator_key import OperatorKey
from .order import Order
from .order_input import OrderInput
from .order_status import OrderStatus
from .order_transition import OrderTransition
from .ordered_ticket import OrderedTicket
from .other_event_data import OtherEventData
from .parked_event import ParkedEvent
from .password_reset import PasswordReset
from .payment import Payment
from .payment_input import PaymentInput
from .payment_intent import PaymentIntent
from .payment_stage import PaymentStage
from .payment_status import PaymentStatus
from .problem import Problem
from .problem_type import ProblemType
from .redrive_input import RedriveInput
from .redriven import Redriven
from .refund import Refund
from .refund_actor import RefundActor
from .refund_cause import RefundCause
from .refund_input import RefundInput
from .refund_status import RefundStatus
from .reset import Reset
from .scope import Scope
from .session import Session
from .signed_in_user import SignedInUser
from .ticket import Ticket
from .ticket_input import TicketInput
from .ticket_sort import TicketSort
from .ticket_status import TicketStatus
from .transition_actor import TransitionActor
from .transition_reason import TransitionReason
from .user import User
from .webhook import Webhook
from .webhook_attempt import WebhookAttempt
from .webhook_change import WebhookChange
from .webhook_disabled_reason import WebhookDisabledReason
from .webhook_input import WebhookInput
from .webhook_outcome import WebhookOutcome
from .webhook_resend import WebhookResend
from .webhook_test import WebhookTest
from .webhook_with_secret import WebhookWithSecret

__all__ = (
    "AccountDeletion",
    "AckInput",
    "CancelReason",
    "ConsistencyLevel",
    "Consumer",
    "ConsumerInput",
    "Credentials",
    "CurrentUser",
    "Deliveries",
    "Delivery",
    "Dispute",
    "Event",
    "EventType",
    "Expiration",
    "ExtendInput",
    "Fault",
    "Health",
    "JsonWebKey",
    "KeyInput",
    "KeySet",
    "NackInput",
    "NewAccount",
    "NewOperatorKey",
    "NewPassword",
    "NextAction",
    "Nothing",
    "OperatorKey",
    "Order",
    "OrderedTicket",
    "OrderInput",
    "OrderStatus",
    "OrderTransition",
    "OtherEventData",
    "ParkedEvent",
    "PasswordReset",
    "Payment",
    "PaymentInput",
    "PaymentIntent",
    "PaymentStage",
    "PaymentStatus",
    "Problem",
    "ProblemType",
    "RedriveInput",
    "Redriven",
    "Refund",
    "RefundActor",
    "RefundCause",
    "RefundInput",
    "RefundStatus",
    "Reset",
    "Scope",
    "Session",
    "SignedInUser",
    "Ticket",
    "TicketInput",
    "TicketSort",
    "TicketStatus",
    "TransitionActor",
    "TransitionReason",
    "User",
    "Webhook",
    "WebhookAttempt",
    "WebhookChange",
    "WebhookDisabledReason",
    "WebhookInput",
    "WebhookOutcome",
    "WebhookResend",
    "WebhookTest",
    "WebhookWithSecret",
)
