"""Errors that are planned, with the usual words of their status."""

from typing import Final

from pokebench.testing.answers import Page, page
from pokebench.testing.faults import PlannedFault
from pokebench.testing.refusal import RefusedError
from pokebench.testing.wire import Wire

_STATUS_WORDS: Final = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error",
    403: "permission_error", 404: "not_found_error", 413: "request_too_large",
    429: "rate_limit_error", 500: "api_error", 503: "service_unavailable",
    504: "timeout_error", 529: "overloaded_error",
}  # fmt: skip


def planned_error(wire: Wire, fault: PlannedFault) -> Page:
    """Return the error of a planned fault."""
    word = fault.word or _STATUS_WORDS.get(fault.status, "api_error")
    refused = RefusedError(fault.status, word, "planned", code=word)
    return page(wire.error(refused), fault.status, fault.headers)
