from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Dispute")


@_attrs_define
class Dispute:
    """What the owner of the card wants back from their bank

    Example:
        {'status': 'needs_response', 'reason': 'fraudulent', 'amount': 19.99, 'currency': 'eur', 'since':
            '2030-04-20T07:00:00.000Z', 'withdrawn': True, 'gatewayDisputeId': 'dp_1PqW7Lk2'}

    """

    status: str
    """ Where it stands, in the gateway's words, such as `needs_response`, `won` or `lost` """
    reason: str
    """ Why, in the gateway's words, such as `fraudulent` """
    amount: float
    """ How much is disputed """
    currency: str
    """ ISO 4217 code in lower case """
    since: datetime.datetime
    """ When it began """
    withdrawn: bool
    """ The bank has the money: until it decides, and for good if it is lost """
    gateway_dispute_id: str
    """ The gateway's name for it """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status

        reason = self.reason

        amount = self.amount

        currency = self.currency

        since = self.since.isoformat()

        withdrawn = self.withdrawn

        gateway_dispute_id = self.gateway_dispute_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "reason": reason,
                "amount": amount,
                "currency": currency,
                "since": since,
                "withdrawn": withdrawn,
                "gatewayDisputeId": gateway_dispute_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status = d.pop("status")

        reason = d.pop("reason")

        amount = d.pop("amount")

        currency = d.pop("currency")

        since = datetime.datetime.fromisoformat(d.pop("since"))

        withdrawn = d.pop("withdrawn")

        gateway_dispute_id = d.pop("gatewayDisputeId")

        dispute = cls(
            status=status,
            reason=reason,
            amount=amount,
            currency=currency,
            since=since,
            withdrawn=withdrawn,
            gateway_dispute_id=gateway_dispute_id,
        )

        dispute.additional_properties = d
        return dispute

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
