"""Refusals, as the service explains them."""

import json
from typing import Self

import httpx

from .generated.models import Fault
from .generated.types import Unset
from .retry import retry_after

# Characters shown of a refusal that is no problem of the service's own.
_MAX_DETAIL_CHARS = 200


class ProblemError(Exception):
    """A refusal: a problem as RFC 9457 has it."""

    type: str
    """Tells every case apart: one of `ProblemTypes`, one that a later version knows, or `about:blank` for a refusal that is
    not the service's own."""
    title: str
    """The case in words, the same for every occurrence."""
    status: int
    """The HTTP status code."""
    detail: str
    """What happened this time."""
    errors: list[Fault]
    """All that is wrong with the request."""
    request_id: str | None
    """Names the request in the service's logs."""
    payment_id: str | None
    """The payment it is about, if it is about one."""
    decline_code: str | None
    """Why the gateway declined a charge."""
    retry_after: float | None
    """For how many seconds the service asks to be left alone."""

    def __init__(self, response: httpx.Response) -> None:
        """Read a refusal from an answer that is no success and has arrived whole, whatever its body is."""
        problem = _problem_in(response)
        title = response.reason_phrase or "Refused"
        self.status = response.status_code
        self.type = problem.get("type", "about:blank")
        self.title = problem.get("title", title)
        self.detail = problem.get("detail") or response.text.strip()[:_MAX_DETAIL_CHARS] or self.title
        self.errors = [Fault.from_dict(fault) for fault in problem.get("errors", [])]
        self.request_id = problem.get("requestId")
        self.payment_id = problem.get("paymentId")
        self.decline_code = problem.get("declineCode")
        self.retry_after = retry_after(response.headers)
        super().__init__(self._text())

    def _text(self) -> str:
        """All that it says, each thing once: the detail often has the faults already, or is the title again."""
        texts = [self.detail] if self.detail != self.title else []
        faults = [f"{fault.field} {fault.message}" for fault in self.errors if not isinstance(fault.field, Unset)]
        texts += [fault for fault in faults if fault not in self.detail]
        return f"{self.status} {self.title}" + (f": {'; '.join(texts)}" if texts else "")

    def errors_of(self, field: str) -> list[str]:
        """What is wrong with this field, query parameter or header, for people."""
        return [fault.message for fault in self.errors if fault.field == field]


class UnreachableError(Exception):
    """There was no answer, from none of the base URLs. Whether anything happened is not known."""

    @classmethod
    def of(cls, cause: httpx.TransportError) -> Self:
        """Say so of what there was instead."""
        unreachable = cls(f"no answer: {cause or type(cause).__name__}")
        unreachable.__cause__ = cause
        return unreachable


def _problem_in(response: httpx.Response) -> dict:  # type: ignore[type-arg]
    if not response.headers.get("content-type", "").startswith("application/problem+json"):
        return {}
    try:
        problem = json.loads(response.content)
    except ValueError:
        return {}
    is_problem = isinstance(problem, dict) and "type" in problem and isinstance(problem.get("errors"), list)
    return problem if is_problem else {}
