"""How long to keep asking a provider that does not answer."""

import hashlib
from typing import Final

from pokebench.models.protocol import NEED_NEW_CONTEXT, Fault, ModelFailure
from pokebench.runner.config import RetryPolicy
from pokebench.types import EndReason

_FINAL: Final = {
    Fault.QUOTA: EndReason.QUOTA,
    Fault.AUTH: EndReason.AUTH,
    Fault.MODEL_UNAVAILABLE: EndReason.MODEL_UNAVAILABLE,
    Fault.BAD_REQUEST: EndReason.BAD_REQUEST,
    Fault.CONTEXT_CUT: EndReason.CONTEXT_CUT,
}


class Patience:
    """Counts the failures of one question."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._failures = 0
        self._doubtful = 0
        self._waited_s = 0.0

    def wait_s(self, failure: ModelFailure, salt: str) -> float:
        """Return the next wait: twice the last, with jitter, or what the provider asks for.

        Args:
            failure: the newest.
            salt: the jitter's seed, so that runs that fail together do not ask together.
        """
        longest = min(self._policy.cap_s, self._policy.base_s * 2.0**self._failures)
        draw = int.from_bytes(hashlib.sha256(salt.encode()).digest()[:4], "little") / 2**32
        return max(failure.retry_after_s or 0.0, longest * (0.5 + draw / 2))

    def ending(self, failure: ModelFailure, wait_s: float) -> EndReason | None:
        """Count a failure; return why the run should end for now, or None."""
        self._failures += 1
        self._doubtful += failure.billed == "unknown"
        self._waited_s += wait_s
        if failure.fault in NEED_NEW_CONTEXT:
            return None
        if not failure.is_retryable:
            return _FINAL[failure.fault]
        if (failure.retry_after_s or 0.0) > self._policy.longest_retry_after_s:
            return EndReason.RATE_LIMITED
        if self._doubtful >= self._policy.doubtful_attempts:
            return EndReason.PROVIDER_DOWN
        return EndReason.PROVIDER_DOWN if self._waited_s > self._policy.give_up_s else None
