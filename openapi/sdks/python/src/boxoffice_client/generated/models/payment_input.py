from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PaymentInput")


@_attrs_define
class PaymentInput:
    """What to pay, and with what

    Example:
        {'orderId': 'order_01k4q8r3v5e0t9w7x2c6m1d804', 'token': 'tok_visa'}

    """

    order_id: str
    """ The order to pay for """
    token: str
    """ What the gateway takes the money from: a token (`tok_…`) or a payment method (`pm_…`); with the sandbox
    `tok_visa`, `tok_chargeDeclined`, `tok_slow` … """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        order_id = self.order_id

        token = self.token

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "orderId": order_id,
                "token": token,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        order_id = d.pop("orderId")

        token = d.pop("token")

        payment_input = cls(
            order_id=order_id,
            token=token,
        )

        payment_input.additional_properties = d
        return payment_input

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
