from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SignedInUser")


@_attrs_define
class SignedInUser:
    """The account that was signed in, and its bearer token.

    Example:
        {'id': 'user_01k4q8r3v5e0t9w7x2c6m1d802', 'email': 'ann@example.com', 'token':
            'eyJhbGciOiJFZERTQSIsImtpZCI6ImsxIn0.eyJzdWIiOiJ1c2VyXzAxIn0.c2lnbmF0dXJl', 'tokenExpiresAt':
            '2030-05-02T09:00:00.000Z'}

    """

    id: str
    """ The user's id """
    email: str
    """ Their address, as it is written in small letters """
    token: str
    """ Send it as `Authorization: Bearer …`; browsers have it as a cookie """
    token_expires_at: datetime.datetime
    """ From when on it counts for nothing """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        email = self.email

        token = self.token

        token_expires_at = self.token_expires_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "email": email,
                "token": token,
                "tokenExpiresAt": token_expires_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        email = d.pop("email")

        token = d.pop("token")

        token_expires_at = datetime.datetime.fromisoformat(d.pop("tokenExpiresAt"))

        signed_in_user = cls(
            id=id,
            email=email,
            token=token,
            token_expires_at=token_expires_at,
        )

        signed_in_user.additional_properties = d
        return signed_in_user

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
