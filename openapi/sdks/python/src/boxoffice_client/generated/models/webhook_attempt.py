from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.webhook_outcome import WebhookOutcome, check_webhook_outcome
from ..types import UNSET, Unset

T = TypeVar("T", bound="WebhookAttempt")


@_attrs_define
class WebhookAttempt:
    """An attempt to send an event to an endpoint

    Example:
        {'number': 7, 'outcome': 'delivered', 'eventId': '4fd1b0c29a7e3d58-42', 'type': 'order:completed', 'attempt': 1,
            'at': '2030-04-03T18:20:00.500Z', 'durationMs': 38, 'status': 204}

    """

    number: int
    """ Its number among those of the endpoint, from 1 """
    outcome: WebhookOutcome
    """ What came of an attempt """
    event_id: str
    """ The event's id; of several that were forgotten, the first one's """
    at: datetime.datetime
    """ When it began """
    duration_ms: int
    """ How long it took, in milliseconds """
    type_: str | Unset = UNSET
    """ The event's type; `webhook:test` of a test """
    attempt: int | Unset = UNSET
    """ The how manieth attempt of this event it was, from 1 """
    status: int | Unset = UNSET
    """ The status that it was answered, if there was an answer """
    fault: str | Unset = UNSET
    """ Why there was none, or none was asked for """
    answer: str | Unset = UNSET
    """ The beginning of the answer, 1 KiB at most """
    next_attempt_at: datetime.datetime | Unset = UNSET
    """ When the event will be sent again """
    forgotten_through: str | Unset = UNSET
    """ The last one of several events that were forgotten """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        number = self.number

        outcome: str = self.outcome

        event_id = self.event_id

        at = self.at.isoformat()

        duration_ms = self.duration_ms

        type_ = self.type_

        attempt = self.attempt

        status = self.status

        fault = self.fault

        answer = self.answer

        next_attempt_at: str | Unset = UNSET
        if not isinstance(self.next_attempt_at, Unset):
            next_attempt_at = self.next_attempt_at.isoformat()

        forgotten_through = self.forgotten_through

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "number": number,
                "outcome": outcome,
                "eventId": event_id,
                "at": at,
                "durationMs": duration_ms,
            }
        )
        if type_ is not UNSET:
            field_dict["type"] = type_
        if attempt is not UNSET:
            field_dict["attempt"] = attempt
        if status is not UNSET:
            field_dict["status"] = status
        if fault is not UNSET:
            field_dict["fault"] = fault
        if answer is not UNSET:
            field_dict["answer"] = answer
        if next_attempt_at is not UNSET:
            field_dict["nextAttemptAt"] = next_attempt_at
        if forgotten_through is not UNSET:
            field_dict["forgottenThrough"] = forgotten_through

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        number = d.pop("number")

        outcome = check_webhook_outcome(d.pop("outcome"))

        event_id = d.pop("eventId")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        duration_ms = d.pop("durationMs")

        type_ = d.pop("type", UNSET)

        attempt = d.pop("attempt", UNSET)

        status = d.pop("status", UNSET)

        fault = d.pop("fault", UNSET)

        answer = d.pop("answer", UNSET)

        _next_attempt_at = d.pop("nextAttemptAt", UNSET)
        next_attempt_at: datetime.datetime | Unset
        if isinstance(_next_attempt_at, Unset):
            next_attempt_at = UNSET
        else:
            next_attempt_at = datetime.datetime.fromisoformat(_next_attempt_at)

        forgotten_through = d.pop("forgottenThrough", UNSET)

        webhook_attempt = cls(
            number=number,
            outcome=outcome,
            event_id=event_id,
            at=at,
            duration_ms=duration_ms,
            type_=type_,
            attempt=attempt,
            status=status,
            fault=fault,
            answer=answer,
            next_attempt_at=next_attempt_at,
            forgotten_through=forgotten_through,
        )

        webhook_attempt.additional_properties = d
        return webhook_attempt

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
