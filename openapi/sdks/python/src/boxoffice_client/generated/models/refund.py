from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.refund_actor import RefundActor, check_refund_actor
from ..models.refund_cause import RefundCause, check_refund_cause
from ..models.refund_status import RefundStatus, check_refund_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="Refund")


@_attrs_define
class Refund:
    """Money that goes back

    Example:
        {'id': 'refund_01k4q8r3v5e0t9w7x2c6m1d806', 'paymentId': 'payment_01k4q8r3v5e0t9w7x2c6m1d805', 'amount': 5,
            'currency': 'eur', 'status': 'succeeded', 'cause': 'requested', 'reason': 'Wrong seat', 'actor': 'user',
            'userId': 'user_01k4q8r3v5e0t9w7x2c6m1d801', 'tries': 1, 'gatewayRefundId': 're_3PqW5Rk2', 'version': 1,
            'createdAt': '2030-04-04T10:00:00.000Z', 'updatedAt': '2030-04-04T10:00:01.000Z'}

    """

    id: str
    """ The refund's id """
    payment_id: str
    """ The payment that is given back """
    amount: float
    """ How much of it """
    currency: str
    """ ISO 4217 code in lower case """
    status: RefundStatus
    """ Where a refund stands """
    cause: RefundCause
    """ Why there is a refund """
    actor: RefundActor
    """ Who asked for a refund """
    tries: int
    """ How often it was begun """
    version: int
    """ Starts at 0 and rises by one with each change; also the ETag """
    created_at: datetime.datetime
    """ When it was asked for """
    updated_at: datetime.datetime
    """ When it became what it is """
    reason: str | Unset = UNSET
    """ What whoever asked for it gave as the reason """
    user_id: str | Unset = UNSET
    """ Which user asked for it, if it was one """
    key_id: str | Unset = UNSET
    """ By which key, if an operator asked for it """
    failure_code: str | Unset = UNSET
    """ Why it failed, as the gateway's code """
    retried_by_key_id: str | Unset = UNSET
    """ By which operator's key it was begun last, if not the first time """
    gateway_refund_id: str | Unset = UNSET
    """ The gateway's name for the latest try """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        payment_id = self.payment_id

        amount = self.amount

        currency = self.currency

        status: str = self.status

        cause: str = self.cause

        actor: str = self.actor

        tries = self.tries

        version = self.version

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        reason = self.reason

        user_id = self.user_id

        key_id = self.key_id

        failure_code = self.failure_code

        retried_by_key_id = self.retried_by_key_id

        gateway_refund_id = self.gateway_refund_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "paymentId": payment_id,
                "amount": amount,
                "currency": currency,
                "status": status,
                "cause": cause,
                "actor": actor,
                "tries": tries,
                "version": version,
                "createdAt": created_at,
                "updatedAt": updated_at,
            }
        )
        if reason is not UNSET:
            field_dict["reason"] = reason
        if user_id is not UNSET:
            field_dict["userId"] = user_id
        if key_id is not UNSET:
            field_dict["keyId"] = key_id
        if failure_code is not UNSET:
            field_dict["failureCode"] = failure_code
        if retried_by_key_id is not UNSET:
            field_dict["retriedByKeyId"] = retried_by_key_id
        if gateway_refund_id is not UNSET:
            field_dict["gatewayRefundId"] = gateway_refund_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        payment_id = d.pop("paymentId")

        amount = d.pop("amount")

        currency = d.pop("currency")

        status = check_refund_status(d.pop("status"))

        cause = check_refund_cause(d.pop("cause"))

        actor = check_refund_actor(d.pop("actor"))

        tries = d.pop("tries")

        version = d.pop("version")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updatedAt"))

        reason = d.pop("reason", UNSET)

        user_id = d.pop("userId", UNSET)

        key_id = d.pop("keyId", UNSET)

        failure_code = d.pop("failureCode", UNSET)

        retried_by_key_id = d.pop("retriedByKeyId", UNSET)

        gateway_refund_id = d.pop("gatewayRefundId", UNSET)

        refund = cls(
            id=id,
            payment_id=payment_id,
            amount=amount,
            currency=currency,
            status=status,
            cause=cause,
            actor=actor,
            tries=tries,
            version=version,
            created_at=created_at,
            updated_at=updated_at,
            reason=reason,
            user_id=user_id,
            key_id=key_id,
            failure_code=failure_code,
            retried_by_key_id=retried_by_key_id,
            gateway_refund_id=gateway_refund_id,
        )

        refund.additional_properties = d
        return refund

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
