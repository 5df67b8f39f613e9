from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.user import User


T = TypeVar("T", bound="CurrentUser")


@_attrs_define
class CurrentUser:
    """Who is signed in

    Example:
        {'currentUser': {'id': 'user_01k4q8r3v5e0t9w7x2c6m1d802', 'email': 'ann@example.com'}}

    """

    current_user: None | User
    """ Null if nobody is signed in """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.user import User  # noqa: PLC0415

        current_user: dict[str, Any] | None
        if isinstance(self.current_user, User):
            current_user = self.current_user.to_dict()
        else:
            current_user = self.current_user

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "currentUser": current_user,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.user import User  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_current_user(data: object) -> None | User:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                current_user_type_1 = User.from_dict(data)

                return current_user_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | User, data)

        current_user = _parse_current_user(d.pop("currentUser"))

        current_user = cls(
            current_user=current_user,
        )

        current_user.additional_properties = d
        return current_user

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
