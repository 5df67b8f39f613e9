from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.payment_stage import PaymentStage, check_payment_stage
from ..models.payment_status import PaymentStatus, check_payment_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.dispute import Dispute
    from ..models.next_action import NextAction


T = TypeVar("T", bound="Payment")


@_attrs_define
class Payment:
    """One attempt to pay for an order

    Example:
        {'id': 'payment_01k4q8r3v5e0t9w7x2c6m1d805', 'orderId': 'order_01k4q8r3v5e0t9w7x2c6m1d804', 'amount': 19.99,
            'currency': 'eur', 'status': 'succeeded', 'refundedAmount': 0, 'gatewayPaymentId': 'pi_3PqW0Yk2', 'version': 2,
            'createdAt': '2030-04-03T18:21:10.000Z', 'updatedAt': '2030-04-03T18:21:12.000Z'}

    """

    id: str
    """ The payment's id """
    order_id: str
    """ The order that it is for """
    amount: float
    """ The price that was locked """
    currency: str
    """ ISO 4217 code in lower case """
    status: PaymentStatus
    """ Where a payment stands """
    version: int
    """ Starts at 0 and rises by one with each change; also the ETag """
    created_at: datetime.datetime
    """ When it began """
    updated_at: datetime.datetime
    """ When it became what it is """
    refunded_amount: float | Unset = UNSET
    """ How much of it went back, once it was charged """
    stage: PaymentStage | Unset = UNSET
    """ How far a payment is while it is `processing` """
    next_action: NextAction | Unset = UNSET
    """ What the buyer has to do before the money moves """
    decline_code: str | Unset = UNSET
    """ Why it failed, as the gateway's code; the seller is told that it was declined, and not why """
    dispute: Dispute | Unset = UNSET
    """ What the owner of the card wants back from their bank """
    gateway_payment_id: str | Unset = UNSET
    """ The gateway's name for it, by which it is found there """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        order_id = self.order_id

        amount = self.amount

        currency = self.currency

        status: str = self.status

        version = self.version

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        refunded_amount = self.refunded_amount

        stage: str | Unset = UNSET
        if not isinstance(self.stage, Unset):
            stage = self.stage

        next_action: dict[str, Any] | Unset = UNSET
        if not isinstance(self.next_action, Unset):
            next_action = self.next_action.to_dict()

        decline_code = self.decline_code

        dispute: dict[str, Any] | Unset = UNSET
        if not isinstance(self.dispute, Unset):
            dispute = self.dispute.to_dict()

        gateway_payment_id = self.gateway_payment_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "orderId": order_id,
                "amount": amount,
                "currency": currency,
                "status": status,
                "version": version,
                "createdAt": created_at,
                "updatedAt": updated_at,
            }
        )
        if refunded_amount is not UNSET:
            field_dict["refundedAmount"] = refunded_amount
        if stage is not UNSET:
            field_dict["stage"] = stage
        if next_action is not UNSET:
            field_dict["nextAction"] = next_action
        if decline_code is not UNSET:
            field_dict["declineCode"] = decline_code
        if dispute is not UNSET:
            field_dict["dispute"] = dispute
        if gateway_payment_id is not UNSET:
            field_dict["gatewayPaymentId"] = gateway_payment_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dispute import Dispute  # noqa: PLC0415
        from ..models.next_action import NextAction  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        order_id = d.pop("orderId")

        amount = d.pop("amount")

        currency = d.pop("currency")

        status = check_payment_status(d.pop("status"))

        version = d.pop("version")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updatedAt"))

        refunded_amount = d.pop("refundedAmount", UNSET)

        _stage = d.pop("stage", UNSET)
        stage: PaymentStage | Unset
        if isinstance(_stage, Unset):
            stage = UNSET
        else:
            stage = check_payment_stage(_stage)

        _next_action = d.pop("nextAction", UNSET)
        next_action: NextAction | Unset
        if isinstance(_next_action, Unset):
            next_action = UNSET
        else:
            next_action = NextAction.from_dict(_next_action)

        decline_code = d.pop("declineCode", UNSET)

        _dispute = d.pop("dispute", UNSET)
        dispute: Dispute | Unset
        if isinstance(_dispute, Unset):
            dispute = UNSET
        else:
            dispute = Dispute.from_dict(_dispute)

        gateway_payment_id = d.pop("gatewayPaymentId", UNSET)

        payment = cls(
            id=id,
            order_id=order_id,
            amount=amount,
            currency=currency,
            status=status,
            version=version,
            created_at=created_at,
            updated_at=updated_at,
            refunded_amount=refunded_amount,
            stage=stage,
            next_action=next_action,
            decline_code=decline_code,
            dispute=dispute,
            gateway_payment_id=gateway_payment_id,
        )

        payment.additional_properties = d
        return payment

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
