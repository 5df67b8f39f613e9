from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.scope import Scope, check_scope
from ..types import UNSET, Unset

T = TypeVar("T", bound="NewOperatorKey")


@_attrs_define
class NewOperatorKey:
    """An operator's key that was just made

    Example:
        {'id': 'opkey_01k4q8r3v5e0t9w7x2c6m1d808', 'label': 'Support desk', 'scopes': ['orders:read', 'payments:read'],
            'isCurrent': False, 'createdAt': '2030-04-02T09:00:00.000Z', 'createdBy': 'opkey_01k4q8r3v5e0t9w7x2c6m1d809',
            'expiresAt': '2030-07-01T09:00:00.000Z', 'secret':
            'bxk_5f1e0d9c8b7a69584736251403f2e1d0c9b8a79685746352413f2e1d0c9b8a7900c0ffee'}

    """

    id: str
    """ The key's id """
    label: str
    """ What it is for """
    scopes: list[Scope]
    """ What it is good for """
    is_current: bool
    """ Whether this very request came with it """
    created_at: datetime.datetime
    """ When it was made """
    secret: str
    """ Send it as `Authorization: Bearer …`. It is shown here, and never again """
    created_by: str | Unset = UNSET
    """ The key that made it; absent if the command line did """
    expires_at: datetime.datetime | Unset = UNSET
    """ From when on it counts for nothing, if it expires """
    revoked_at: datetime.datetime | Unset = UNSET
    """ Since when it counts for nothing, if it was revoked """
    revoked_by: str | Unset = UNSET
    """ The key that revoked it; absent if the command line did """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        label = self.label

        scopes = []
        for scopes_item_data in self.scopes:
            scopes_item: str = scopes_item_data
            scopes.append(scopes_item)

        is_current = self.is_current

        created_at = self.created_at.isoformat()

        secret = self.secret

        created_by = self.created_by

        expires_at: str | Unset = UNSET
        if not isinstance(self.expires_at, Unset):
            expires_at = self.expires_at.isoformat()

        revoked_at: str | Unset = UNSET
        if not isinstance(self.revoked_at, Unset):
            revoked_at = self.revoked_at.isoformat()

        revoked_by = self.revoked_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "label": label,
                "scopes": scopes,
                "isCurrent": is_current,
                "createdAt": created_at,
                "secret": secret,
            }
        )
        if created_by is not UNSET:
            field_dict["createdBy"] = created_by
        if expires_at is not UNSET:
            field_dict["expiresAt"] = expires_at
        if revoked_at is not UNSET:
            field_dict["revokedAt"] = revoked_at
        if revoked_by is not UNSET:
            field_dict["revokedBy"] = revoked_by

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        label = d.pop("label")

        scopes = []
        _scopes = d.pop("scopes")
        for scopes_item_data in _scopes:
            scopes_item = check_scope(scopes_item_data)

            scopes.append(scopes_item)

        is_current = d.pop("isCurrent")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        secret = d.pop("secret")

        created_by = d.pop("createdBy", UNSET)

        _expires_at = d.pop("expiresAt", UNSET)
        expires_at: datetime.datetime | Unset
        if isinstance(_expires_at, Unset):
            expires_at = UNSET
        else:
            expires_at = datetime.datetime.fromisoformat(_expires_at)

        _revoked_at = d.pop("revokedAt", UNSET)
        revoked_at: datetime.datetime | Unset
        if isinstance(_revoked_at, Unset):
            revoked_at = UNSET
        else:
            revoked_at = datetime.datetime.fromisoformat(_revoked_at)

        revoked_by = d.pop("revokedBy", UNSET)

        new_operator_key = cls(
            id=id,
            label=label,
            scopes=scopes,
            is_current=is_current,
            created_at=created_at,
            secret=secret,
            created_by=created_by,
            expires_at=expires_at,
            revoked_at=revoked_at,
            revoked_by=revoked_by,
        )

        new_operator_key.additional_properties = d
        return new_operator_key

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
