from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="NextAction")


@_attrs_define
class NextAction:
    """What the buyer has to do before the money moves

    Example:
        {'type': 'redirect_to_url', 'url': 'https://bank.example/3ds/4711'}

    """

    type_: str
    """ Which kind of thing, in the gateway's words, such as `redirect_to_url` or `use_stripe_sdk` """
    url: str | Unset = UNSET
    """ Where to send the buyer, if that is it """
    client_secret: str | Unset = UNSET
    """ With what the gateway's script in the buyer's browser goes on, if that is it """
    publishable_key: str | Unset = UNSET
    """ With what that script is set up """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        url = self.url

        client_secret = self.client_secret

        publishable_key = self.publishable_key

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
            }
        )
        if url is not UNSET:
            field_dict["url"] = url
        if client_secret is not UNSET:
            field_dict["clientSecret"] = client_secret
        if publishable_key is not UNSET:
            field_dict["publishableKey"] = publishable_key

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        type_ = d.pop("type")

        url = d.pop("url", UNSET)

        client_secret = d.pop("clientSecret", UNSET)

        publishable_key = d.pop("publishableKey", UNSET)

        next_action = cls(
            type_=type_,
            url=url,
            client_secret=client_secret,
            publishable_key=publishable_key,
        )

        next_action.additional_properties = d
        return next_action

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
