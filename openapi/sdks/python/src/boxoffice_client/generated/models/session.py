from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Session")


@_attrs_define
class Session:
    """One signed-in device or program.

    Example:
        {'id': 'session_01k4q8r3v5e0t9w7x2c6m1d807', 'client': 'Mozilla/5.0', 'isCurrent': True, 'createdAt':
            '2030-04-02T09:00:00.000Z', 'expiresAt': '2030-05-02T09:00:00.000Z'}

    """

    id: str
    """ The session's id """
    client: str
    """ What the client called itself """
    is_current: bool
    """ Whether this very request came with it """
    created_at: datetime.datetime
    """ When it was opened """
    expires_at: datetime.datetime
    """ When it ends by itself """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        client = self.client

        is_current = self.is_current

        created_at = self.created_at.isoformat()

        expires_at = self.expires_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "client": client,
                "isCurrent": is_current,
                "createdAt": created_at,
                "expiresAt": expires_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        client = d.pop("client")

        is_current = d.pop("isCurrent")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expiresAt"))

        session = cls(
            id=id,
            client=client,
            is_current=is_current,
            created_at=created_at,
            expires_at=expires_at,
        )

        session.additional_properties = d
        return session

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
