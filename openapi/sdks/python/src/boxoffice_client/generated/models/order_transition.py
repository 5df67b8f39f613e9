from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.order_status import OrderStatus, check_order_status
from ..models.transition_actor import TransitionActor, check_transition_actor
from ..models.transition_reason import TransitionReason, check_transition_reason
from ..types import UNSET, Unset

T = TypeVar("T", bound="OrderTransition")


@_attrs_define
class OrderTransition:
    """One transition of an order

    Example:
        {'version': 0, 'at': '2030-04-03T18:20:00.000Z', 'status': 'created', 'reason': 'reserved', 'actor': 'user',
            'userId': 'user_01k4q8r3v5e0t9w7x2c6m1d802'}

    """

    version: int
    """ The version that the order became """
    at: datetime.datetime
    """ When """
    status: OrderStatus
    """ Where an order stands """
    reason: TransitionReason
    """ Why an order became what it is """
    actor: TransitionActor
    """ Who had an order become what it is """
    user_id: str | Unset = UNSET
    """ Which user, if it was one """
    key_id: str | Unset = UNSET
    """ Which key, if an operator used one """
    payment_id: str | Unset = UNSET
    """ The latest attempt to pay by then """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        at = self.at.isoformat()

        status: str = self.status

        reason: str = self.reason

        actor: str = self.actor

        user_id = self.user_id

        key_id = self.key_id

        payment_id = self.payment_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "at": at,
                "status": status,
                "reason": reason,
                "actor": actor,
            }
        )
        if user_id is not UNSET:
            field_dict["userId"] = user_id
        if key_id is not UNSET:
            field_dict["keyId"] = key_id
        if payment_id is not UNSET:
            field_dict["paymentId"] = payment_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        status = check_order_status(d.pop("status"))

        reason = check_transition_reason(d.pop("reason"))

        actor = check_transition_actor(d.pop("actor"))

        user_id = d.pop("userId", UNSET)

        key_id = d.pop("keyId", UNSET)

        payment_id = d.pop("paymentId", UNSET)

        order_transition = cls(
            version=version,
            at=at,
            status=status,
            reason=reason,
            actor=actor,
            user_id=user_id,
            key_id=key_id,
            payment_id=payment_id,
        )

        order_transition.additional_properties = d
        return order_transition

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
