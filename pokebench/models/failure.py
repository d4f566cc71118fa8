"""What a provider's error means: which fault, whether it may have been charged, how long to wait.

An error's class alone says too little: the SDKs raise the same class for different things and
different
classes for one thing. So status, type and code decide, and the family of the exception last.
Nothing of a request, and no key, is in what comes out.
"""

import email.utils
import json
import time
from typing import Any, Final, Literal

from pokebench.models.protocol import Fault, ModelFailure

_BY_STATUS: Final[dict[int, tuple[Fault, Literal["no", "unknown"]]]] = {
    400: (Fault.BAD_REQUEST, "no"),
    401: (Fault.AUTH, "no"),
    402: (Fault.QUOTA, "no"),
    403: (Fault.AUTH, "no"),
    404: (Fault.MODEL_UNAVAILABLE, "no"),
    408: (Fault.TIMEOUT, "unknown"),
    409: (Fault.SERVER, "no"),
    413: (Fault.CONTEXT_OVERFLOW, "no"),
    429: (Fault.RATE_LIMIT, "no"),
    503: (Fault.OVERLOADED, "no"),
    504: (Fault.SERVER, "unknown"),
    524: (Fault.SERVER, "unknown"),
    529: (Fault.OVERLOADED, "no"),
}
_QUOTA_CODES: Final = frozenset(
    {"insufficient_quota", "billing_error", "billing_hard_limit_reached"}
)
_TOO_LONG: Final = (
    "context_length_exceeded", "exceed_context_size", "prompt is too long", "context window",
    "maximum context length", "available context size", "maximum number of tokens",
    "maximum prompt length", "too much media", "too many images",
)  # fmt: skip
"""Words of providers and servers for a conversation that is longer than they take."""
_REASONING: Final = (
    "bound to a different conversation", "invalid_encrypted_content", "invalid signature",
)  # fmt: skip
"""Words of providers that will not take their own reasoning back."""
_LONGEST_DETAIL: Final = 300


def failure_of(error: Exception) -> ModelFailure:
    """Return what `error`, raised by an SDK or by the transport below it, means."""
    status = getattr(error, "status_code", None)
    detail = f"{type(error).__name__}: {error}"[:_LONGEST_DETAIL]
    if isinstance(status, int):
        return _of_status(error, status, detail)
    kind = f"{getattr(error, 'code', '') or ''} {getattr(error, 'type', '') or ''}".lower()
    if "overloaded" in kind or "rate_limit" in kind:
        return in_stream(kind, detail)
    names = {base.__name__ for base in _chain(error)}
    if names & {"ConnectError", "ConnectTimeout", "gaierror"}:
        return ModelFailure(Fault.CONNECT, "no", detail)
    if names & {"APITimeoutError", "TimeoutException", "TimeoutError"}:
        return ModelFailure(Fault.TIMEOUT, "unknown", detail)
    if names & {"APIConnectionError", "TransportError", "ConnectionError"}:
        return ModelFailure(Fault.NETWORK, "unknown", detail)
    return ModelFailure(Fault.PROTOCOL, "unknown", detail)


def in_stream(words: str, detail: str) -> ModelFailure:
    """Return what an error inside a stream means that began well: it may have been charged."""
    if any(code in words for code in _QUOTA_CODES):
        return ModelFailure(Fault.QUOTA, "unknown", detail)
    if any(word in words for word in _TOO_LONG):
        return ModelFailure(Fault.CONTEXT_OVERFLOW, "unknown", detail)
    if "invalid_prompt" in words:
        return ModelFailure(Fault.BAD_REQUEST, "unknown", detail)
    if "overloaded" in words:
        return ModelFailure(Fault.OVERLOADED, "unknown", detail)
    if "rate_limit" in words:
        return ModelFailure(Fault.RATE_LIMIT, "unknown", detail)
    return ModelFailure(Fault.SERVER, "unknown", detail)


def _of_status(error: Exception, status: int, detail: str) -> ModelFailure:
    words = f"{getattr(error, 'code', '')} {getattr(error, 'type', '')} {_body(error)}".lower()
    if status == 200:
        return in_stream(words, detail)
    if any(code in words for code in _QUOTA_CODES):
        return ModelFailure(Fault.QUOTA, "no", detail)
    if "overloaded" in words:
        return ModelFailure(Fault.OVERLOADED, "no", detail, _retry_after(error))
    if status == 400 and any(word in words for word in _TOO_LONG):
        return ModelFailure(Fault.CONTEXT_OVERFLOW, "no", detail)
    if status == 400 and any(word in words for word in _REASONING):
        return ModelFailure(Fault.REASONING_REJECTED, "no", detail)
    fault, billed = _BY_STATUS.get(status, (Fault.SERVER, "no"))
    if status < 500 and status not in _BY_STATUS:
        fault = Fault.PROTOCOL if status < 400 else Fault.BAD_REQUEST
    return ModelFailure(fault, billed, detail, _retry_after(error))


def _chain(error: BaseException) -> list[type]:
    """Return the classes of an error and of what caused it, with their bases."""
    classes: list[type] = []
    seen: BaseException | None = error
    while seen is not None and len(classes) < 100:
        classes += type(seen).__mro__
        seen = seen.__cause__ or seen.__context__
    return classes


def _body(error: Exception) -> str:
    body: Any = getattr(error, "body", None)
    return json.dumps(body, default=str)[:2000] if body is not None else ""


def _retry_after(error: Exception) -> float | None:
    """Return the seconds that the answer's header asks to wait."""
    response = getattr(error, "response", None)
    value = response.headers.get("retry-after") if response is not None else None
    if not value:
        return None
    try:
        return max(float(value), 0.0)
    except ValueError:
        pass
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(moment.timestamp() - time.time(), 0.0)  # noqa: TID251 - a date to wait for
