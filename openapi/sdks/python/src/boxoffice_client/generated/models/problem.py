from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.problem_type import ProblemType, check_problem_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.fault import Fault


T = TypeVar("T", bound="Problem")


@_attrs_define
class Problem:
    """Why a request was refused.

    Example:
        {'type': '/problems/invalid-input', 'title': 'The request has invalid fields', 'status': 400, 'detail': 'title
            is missing; price must be a number with at most 2 decimals', 'requestId': '3b6f0e1c9a5d4827', 'errors':
            [{'message': 'is missing', 'field': 'title'}, {'message': 'must be a number with at most 2 decimals', 'field':
            'price'}]}

    """

    type_: ProblemType
    """ Tells every case apart by a stable URI reference; later versions may know more """
    title: str
    """ The case in words, the same for every occurrence. """
    status: int
    """ The HTTP status code. """
    detail: str
    """ What happened this time; the title again where there is no more to say. """
    errors: list[Fault]
    """ One entry per fault, all faults of a request at once; never empty. """
    request_id: str | Unset = UNSET
    """ Names this request in the service's logs. """
    payment_id: str | Unset = UNSET
    """ The payment it is about, if it is about one. """
    decline_code: str | Unset = UNSET
    """ Why the gateway declined the charge, as a stable word of the gateway's. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_: str = self.type_

        title = self.title

        status = self.status

        detail = self.detail

        errors = []
        for errors_item_data in self.errors:
            errors_item = errors_item_data.to_dict()
            errors.append(errors_item)

        request_id = self.request_id

        payment_id = self.payment_id

        decline_code = self.decline_code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "title": title,
                "status": status,
                "detail": detail,
                "errors": errors,
            }
        )
        if request_id is not UNSET:
            field_dict["requestId"] = request_id
        if payment_id is not UNSET:
            field_dict["paymentId"] = payment_id
        if decline_code is not UNSET:
            field_dict["declineCode"] = decline_code

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fault import Fault  # noqa: PLC0415

        d = dict(src_dict)
        type_ = check_problem_type(d.pop("type"))

        title = d.pop("title")

        status = d.pop("status")

        detail = d.pop("detail")

        errors = []
        _errors = d.pop("errors")
        for errors_item_data in _errors:
            errors_item = Fault.from_dict(errors_item_data)

            errors.append(errors_item)

        request_id = d.pop("requestId", UNSET)

        payment_id = d.pop("paymentId", UNSET)

        decline_code = d.pop("declineCode", UNSET)

        problem = cls(
            type_=type_,
            title=title,
            status=status,
            detail=detail,
            errors=errors,
            request_id=request_id,
            payment_id=payment_id,
            decline_code=decline_code,
        )

        problem.additional_properties = d
        return problem

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
