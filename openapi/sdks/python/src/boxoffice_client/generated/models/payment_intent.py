from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PaymentIntent")


@_attrs_define
class PaymentIntent:
    """With what the buyer's browser pays

    Example:
        {'paymentId': 'payment_01k4q8r3v5e0t9w7x2c6m1d805', 'clientSecret': 'pi_3PqW0Yk2_secret_9fLx', 'publishableKey':
            'pk_test_51Nq'}

    """

    payment_id: str
    """ The payment that it is for """
    client_secret: str
    """ For the gateway's script in the buyer's browser, and for nobody else: whoever has it can pay """
    publishable_key: str
    """ With what that script is set up """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        payment_id = self.payment_id

        client_secret = self.client_secret

        publishable_key = self.publishable_key

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "paymentId": payment_id,
                "clientSecret": client_secret,
                "publishableKey": publishable_key,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        payment_id = d.pop("paymentId")

        client_secret = d.pop("clientSecret")

        publishable_key = d.pop("publishableKey")

        payment_intent = cls(
            payment_id=payment_id,
            client_secret=client_secret,
            publishable_key=publishable_key,
        )

        payment_intent.additional_properties = d
        return payment_intent

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
