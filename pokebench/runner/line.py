"""The line to a model, on the record: intent before a question, the answer before it is acted on.

An answer that was recorded is never asked for again. A question that was on its way when the
process
ended may have been charged: it becomes an `unknown` event with an upper bound, and is asked again.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Final, Protocol

from pokebench.agent.ports import Purpose, RunStopped
from pokebench.models.protocol import (
    Fault,
    ImagePart,
    Message,
    Model,
    ModelFailure,
    Reply,
    Request,
    Stop,
    TextPart,
    ToolCall,
    Usage,
)
from pokebench.runner.budget import Budgets
from pokebench.runner.config import RetryPolicy
from pokebench.runner.journal import Journal
from pokebench.trajectory import FailedEvent, IntentEvent, ResultEvent, UnknownEvent
from pokebench.types import EndReason, JsonObject

_POLL_S: Final = 0.1
_CHARACTERS_PER_TOKEN: Final = 2
"""Cautious: text has three to four characters a token, so a reserve is rather too high."""
_IMAGE_TOKENS: Final = 1600
_FINAL: Final = {
    Fault.QUOTA: EndReason.QUOTA,
    Fault.AUTH: EndReason.AUTH,
    Fault.MODEL_UNAVAILABLE: EndReason.MODEL_UNAVAILABLE,
    Fault.BAD_REQUEST: EndReason.BAD_REQUEST,
}


class Pricing(Protocol):
    """What tokens cost."""

    def cost(self, usage: Usage) -> float | None:
        """Return dollars, or None if prices are unknown."""
        ...

    def upper_bound(self, tokens_in: int, tokens_out: int) -> float | None:
        """Return dollars that a call costs at most, or None if prices are unknown."""
        ...


class RecordedLine:
    """Asks one model for one run."""

    def __init__(
        self,
        model: Model,
        pricing: Pricing,
        max_output_tokens: int,
        retry: RetryPolicy,
        stop_requested: Callable[[], bool],
    ) -> None:
        """Ask `model`; `connect` before the first question."""
        self._model = model
        self._pricing = pricing
        self._max_output_tokens = max_output_tokens
        self._retry = retry
        self._stop_requested = stop_requested
        self._calls = 0
        self._last_tokens = 0
        self._fingerprint = _Fingerprint()
        self._journal: Journal | None = None
        self._budgets: Budgets | None = None
        self._frames: Callable[[], int] = lambda: 0

    @property
    def host(self) -> str:
        """The host that questions go to."""
        return self._model.host

    def connect(self, journal: Journal, budgets: Budgets, frames: Callable[[], int]) -> None:
        """Write to `journal`, keep to `budgets`, stamp with `frames`."""
        self._journal = journal
        self._budgets = budgets
        self._frames = frames

    def ask(self, request: Request, purpose: Purpose) -> Reply:
        """Return the model's reply, live or from the record; see `ModelLine`."""
        assert self._journal is not None
        call, digest = self._calls, self._fingerprint.of(request)
        self._calls += 1
        attempt = 0
        while self._journal.is_replaying:
            reply = self._follow(call, attempt, digest, purpose)
            if reply is not None:
                return reply
            attempt += 1
        return self._ask_live(request, purpose, call, attempt, digest)

    def close(self) -> None:
        """Let go of the model's connections."""
        self._model.close()

    def _follow(self, call: int, attempt: int, digest: str, purpose: Purpose) -> Reply | None:
        """Follow the record of one attempt; return its reply, or None if it gave none."""
        assert self._journal is not None
        intent = self._journal.take(IntentEvent)
        expected = (intent.call, intent.attempt, intent.request, intent.purpose)
        if expected != (call, attempt, digest, purpose):
            raise RunStopped(EndReason.ERROR, f"resuming asks another question than call {call}")
        event = self._journal.peek()
        if isinstance(event, ResultEvent):
            return self._received(self._journal.take(ResultEvent))
        if isinstance(event, FailedEvent):
            failed = self._journal.take(FailedEvent)
            return _context_full() if failed.fault == Fault.CONTEXT_OVERFLOW else None
        if isinstance(event, UnknownEvent):
            self._journal.take(UnknownEvent)
            return None
        self._commit_unknown(intent)
        return None

    def _commit_unknown(self, intent: IntentEvent) -> None:
        assert self._journal is not None
        event = UnknownEvent(
            f=self._frames(),
            call=intent.call,
            attempt=intent.attempt,
            reserve_usd=intent.reserve_usd or 0.0,
        )
        self._journal.commit(event, durable=True)

    def _ask_live(
        self, request: Request, purpose: Purpose, call: int, attempt: int, digest: str
    ) -> Reply:
        assert self._journal is not None
        assert self._budgets is not None
        patience = _Patience(self._retry)
        while True:
            reserve = self._pricing.upper_bound(self._estimate(request), self._max_output_tokens)
            self._budgets.check_before_call(self._journal, reserve)
            intent = IntentEvent(
                f=self._frames(),
                call=call,
                attempt=attempt,
                purpose=purpose,
                request=digest,
                reserve_usd=reserve,
            )
            self._journal.commit(intent, durable=True)
            began = time.monotonic()
            try:
                reply = self._model.query(request)
            except ModelFailure as failure:
                if self._handle(failure, intent, patience):
                    return _context_full()
                attempt += 1
                continue
            return self._commit_reply(reply, intent, time.monotonic() - began)

    def _commit_reply(self, reply: Reply, intent: IntentEvent, seconds: float) -> Reply:
        assert self._journal is not None
        usage = reply.usage
        event = ResultEvent(
            f=self._frames(),
            call=intent.call,
            attempt=intent.attempt,
            reply=reply_json(reply),
            tokens_in=usage.tokens_in,
            tokens_cache_read=usage.tokens_cache_read,
            tokens_cache_write=usage.tokens_cache_write,
            tokens_out=usage.tokens_out,
            usd=self._pricing.cost(usage),
            seconds=round(seconds, 3),
            w=self._journal.elapsed(),
        )
        self._journal.commit(event, durable=True)
        return self._received(event)

    def _received(self, event: ResultEvent) -> Reply:
        """Return the reply of an event; live and replayed runs see exactly the same object."""
        usage = (event.tokens_in, event.tokens_cache_read, event.tokens_cache_write)
        self._last_tokens = sum(usage) + event.tokens_out
        return reply_of(event.reply)

    def _handle(self, failure: ModelFailure, intent: IntentEvent, patience: "_Patience") -> bool:
        """Record a failure and wait; return True if the question itself is too long.

        Raises:
            RunStopped: there is no use in asking again now.
        """
        assert self._journal is not None
        wait_s = patience.wait_s(failure, f"{intent.request} {intent.attempt}")
        ending = patience.ending(failure, wait_s)
        is_too_long = failure.fault is Fault.CONTEXT_OVERFLOW
        event = FailedEvent(
            f=self._frames(),
            call=intent.call,
            attempt=intent.attempt,
            fault=failure.fault,
            billed=failure.billed,
            reserve_usd=intent.reserve_usd or 0.0,
            detail=failure.detail[:500],
            wait_s=0.0 if ending or is_too_long else round(wait_s, 3),
            w=self._journal.elapsed(),
        )
        self._journal.commit(event, durable=True)
        if is_too_long:
            return True
        if ending is not None:
            raise RunStopped(ending, failure.detail[:200])
        self._wait(wait_s)
        return False

    def _wait(self, seconds: float) -> None:
        assert self._journal is not None
        assert self._budgets is not None
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._stop_requested():
                raise RunStopped(EndReason.INTERRUPTED, "stopped while waiting for the provider")
            self._budgets.check_wall(self._journal)
            time.sleep(min(left, _POLL_S))

    def _estimate(self, request: Request) -> int:
        """Return input tokens of a request, rather too many: what is known, and what is new."""
        if not self._last_tokens:
            return _size(request.messages) + len(request.system) // _CHARACTERS_PER_TOKEN + 2000
        return self._last_tokens + _size(request.messages[-3:]) + 1000


class _Patience:
    """How long to keep asking one question."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._failures = 0
        self._doubtful = 0
        self._waited_s = 0.0

    def wait_s(self, failure: ModelFailure, salt: str) -> float:
        """Return the next wait: twice the last, with jitter, or what the provider asks for."""
        longest = min(self._policy.cap_s, self._policy.base_s * 2.0**self._failures)
        draw = int.from_bytes(hashlib.sha256(salt.encode()).digest()[:4], "little") / 2**32
        return max(failure.retry_after_s or 0.0, longest * (0.5 + draw / 2))

    def ending(self, failure: ModelFailure, wait_s: float) -> EndReason | None:
        """Count a failure; return why the run should end for now, or None."""
        self._failures += 1
        self._doubtful += failure.billed == "unknown"
        self._waited_s += wait_s
        if not failure.is_retryable:
            return _FINAL.get(failure.fault)
        if (failure.retry_after_s or 0.0) > self._policy.longest_retry_after_s:
            return EndReason.RATE_LIMITED
        if self._doubtful >= self._policy.doubtful_attempts:
            return EndReason.PROVIDER_DOWN
        return EndReason.PROVIDER_DOWN if self._waited_s > self._policy.give_up_s else None


class _Fingerprint:
    """Hashes requests; a request that goes on where the last one stood costs only what is new."""

    def __init__(self) -> None:
        self._messages: tuple[Message, ...] = ()
        self._head = ""
        self._digest = b""

    def of(self, request: Request) -> str:
        """Return the hash of a request."""
        head = f"{request.system}\n{request.tools!r}"
        known = len(self._messages)
        extends = (
            head == self._head
            and len(request.messages) >= known
            and all(a is b for a, b in zip(self._messages, request.messages, strict=False))
        )
        if not extends:
            self._digest = hashlib.sha256(head.encode()).digest()
            known = 0
        for message in request.messages[known:]:
            self._digest = hashlib.sha256(self._digest + repr(message).encode()).digest()
        self._head, self._messages = head, request.messages
        final = self._digest + (b"1" if request.may_call_tools else b"0")
        return hashlib.sha256(final).hexdigest()


def reply_json(reply: Reply) -> JsonObject:
    """Return a reply as it is recorded."""
    return asdict(reply)


def reply_of(recorded: JsonObject) -> Reply:
    """Return a recorded reply."""
    values = dict(recorded)
    values["stop"] = Stop(values["stop"])
    values["tool_calls"] = tuple(ToolCall(**call) for call in values["tool_calls"])
    values["usage"] = Usage(**values["usage"])
    return Reply(**values)


def _context_full() -> Reply:
    """Return what an agent is told when a provider refuses a question for its length."""
    return Reply("", "", Stop.CONTEXT_FULL, "", "", (), None, Usage())


def _size(messages: tuple[Message, ...]) -> int:
    """Return a cautious number of tokens for `messages`."""
    tokens = 0
    for message in messages:
        parts = getattr(message, "parts", ())
        tokens += sum(_IMAGE_TOKENS for part in parts if isinstance(part, ImagePart))
        text = sum(len(part.text) for part in parts if isinstance(part, TextPart))
        tokens += text // _CHARACTERS_PER_TOKEN + 50
    return tokens
