"""The line to a model, on the record: intent before a question, the answer before it is acted on.

An answer that was recorded is never asked for again. A question that was on its way when the
process ended is looked for first: in the bytes that had arrived, and at a provider that keeps
answers. Only if it is in neither place it becomes an `unknown` event with an upper bound, and is
asked again.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Final

from pokebench.agent.ports import Purpose, RunStopped
from pokebench.errors import DesyncError
from pokebench.models.prices import Pricing
from pokebench.models.protocol import (
    NEED_NEW_CONTEXT,
    Fault,
    ImagePart,
    Model,
    ModelFailure,
    PollFailure,
    Reply,
    Request,
    Stop,
    ToolCall,
    Usage,
)
from pokebench.runner.budget import Budgets
from pokebench.runner.config import RetryPolicy
from pokebench.runner.journal import Journal
from pokebench.runner.patience import Patience
from pokebench.runner.question import Fingerprint, most_tokens
from pokebench.trajectory import (
    AcceptedEvent,
    FailedEvent,
    Inflight,
    IntentEvent,
    ResultEvent,
    UnknownEvent,
)
from pokebench.trajectory.events import MAX_LINE_BYTES, MOST_DEPTH, depth_of
from pokebench.types import EndReason, JsonObject

logger = logging.getLogger(__name__)

_POLL_S: Final = 0.1
_CUT_SHARE: Final = 0.5
_CUT_FROM_TOKENS: Final = 1500
"""A server that counts fewer than half of the least possible tokens cut the question silently."""


@dataclass(frozen=True, slots=True)
class _Question:
    """One question, however often it is attempted."""

    request: Request
    purpose: Purpose
    call: int
    digest: str


class _Flight:
    """Writes down how an attempt fares while it is on its way."""

    def __init__(self, journal: Journal, inflight: Inflight, intent: IntentEvent) -> None:
        self.response_id = ""
        self._journal = journal
        self._inflight = inflight
        self._intent = intent
        inflight.begin(intent.call, intent.attempt)

    def accepted(self, response_id: str) -> None:
        """Record that the provider keeps the answer."""
        intent = self._intent
        event = AcceptedEvent(f=intent.f, call=intent.call, attempt=intent.attempt, id=response_id)
        self._journal.commit(event, durable=True)
        self.response_id = response_id

    def received(self, data: bytes) -> None:
        """Keep bytes of the answer."""
        self._inflight.write(data)


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
        self._waited_s = 0.0
        self._fingerprint = Fingerprint()
        self._frames: Callable[[], int] = lambda: 0
        self._journal: Journal
        self._inflight: Inflight
        self._budgets: Budgets

    @property
    def host(self) -> str:
        """The host that questions go to."""
        return self._model.host

    def connect(
        self, journal: Journal, inflight: Inflight, budgets: Budgets, frames: Callable[[], int]
    ) -> None:
        """Write to `journal` and `inflight`, keep to `budgets`, stamp with `frames`."""
        self._journal = journal
        self._inflight = inflight
        self._budgets = budgets
        self._frames = frames

    def ask(self, request: Request, purpose: Purpose) -> Reply:
        """Return the model's reply, live or from the record; see `ModelLine`."""
        question = _Question(request, purpose, self._calls, self._fingerprint.of(request))
        self._calls += 1
        attempt = 0
        while self._journal.is_replaying:
            reply = self._follow(question, attempt)
            if reply is not None:
                return reply
            attempt += 1
        return self._ask_live(question, attempt)

    def state(self) -> JsonObject:
        """Return what a checkpoint needs."""
        return {"calls": self._calls, "last_tokens": self._last_tokens}

    def restore(self, state: JsonObject) -> None:
        """Go on from a checkpoint."""
        self._calls, self._last_tokens = state["calls"], state["last_tokens"]

    def close(self) -> None:
        """Let go of the model's connections, and of an answer on its way."""
        self._model.close()

    def _follow(self, question: _Question, attempt: int) -> Reply | None:
        """Follow the record of one attempt; return its reply, or None if it gave none."""
        expected = (question.call, attempt, question.digest, question.purpose)
        intent = self._journal.peek()
        if not isinstance(intent, IntentEvent):
            intent = self._journal.take(IntentEvent)
        if (intent.call, intent.attempt, intent.request, intent.purpose) != expected:
            raise DesyncError(
                f"events.jsonl, frame {intent.f}: resuming asks another question than call "
                f"{intent.call}; this run cannot be resumed with this version of agent and software"
            )
        self._journal.take(IntentEvent)
        response_id = ""
        if isinstance(self._journal.peek(), AcceptedEvent):
            response_id = self._journal.take(AcceptedEvent).id
        event = self._journal.peek()
        if isinstance(event, ResultEvent):
            return self._received(self._journal.take(ResultEvent))
        if isinstance(event, FailedEvent):
            failed = self._journal.take(FailedEvent)
            return _context_full() if failed.fault in NEED_NEW_CONTEXT else None
        if isinstance(event, UnknownEvent):
            self._journal.take(UnknownEvent)
            return None
        return self._recover(question, intent, response_id)

    def _recover(self, question: _Question, intent: IntentEvent, response_id: str) -> Reply | None:
        """Look for the answer to an attempt that was on its way when the process ended."""
        if response_id:
            try:
                reply = self._collect(intent, response_id)
                self._check_whole(reply)
            except ModelFailure as failure:
                self._commit_failure(failure, intent, 0.0)
                return _context_full() if failure.fault in NEED_NEW_CONTEXT else None
            return self._commit_reply(reply, intent, 0.0, "fetched")
        raw = self._inflight.left(intent.call, intent.attempt)
        if raw:
            try:
                reply = self._model.reread(question.request, raw)
                self._check_whole(reply)
            except ModelFailure as failure:
                logger.info("bytes of call %d hold no whole answer: %s", intent.call, failure)
            else:
                reply = self._commit_reply(reply, intent, 0.0, "kept")
                self._inflight.end()
                return reply
        self._commit_unknown(intent)
        self._inflight.end()
        return None

    def _commit_unknown(self, intent: IntentEvent) -> None:
        event = UnknownEvent(
            f=self._frames(),
            call=intent.call,
            attempt=intent.attempt,
            reserve_usd=intent.reserve_usd or 0.0,
        )
        self._journal.commit(event, durable=True)

    def _ask_live(self, question: _Question, attempt: int) -> Reply:
        patience = Patience(self._retry)
        while True:
            intent = self._intend(question, attempt)
            flight = _Flight(self._journal, self._inflight, intent)
            _draw(question.request)  # our work, so it is no part of the time that an answer takes
            began = time.monotonic()
            try:
                reply = self._query(question.request, flight, intent)
                seconds = time.monotonic() - began
                self._check_whole(reply)
            except ModelFailure as failure:
                self._inflight.end()
                self._handle(failure, intent, patience)
                if failure.fault in NEED_NEW_CONTEXT:
                    return _context_full()
                attempt += 1
                continue
            how = "fetched" if flight.response_id else "live"
            reply = self._commit_reply(reply, intent, seconds, how)
            self._inflight.end()  # not before: bytes of an answer that cannot be recorded stay
            return reply

    def _intend(self, question: _Question, attempt: int) -> IntentEvent:
        """Write down that a question is about to leave.

        Raises:
            RunStopped: its answer could go beyond a limit.
        """
        tokens = most_tokens(question.request, self._last_tokens)
        reserve = self._pricing.upper_bound(tokens, self._max_output_tokens)
        self._budgets.check_before_call(self._journal, reserve)
        intent = IntentEvent(
            f=self._frames(),
            call=question.call,
            attempt=attempt,
            purpose=question.purpose,
            request=question.digest,
            reserve_usd=reserve,
            waited_s=round(self._waited_s, 3),
        )
        self._waited_s = 0.0
        self._journal.commit(intent, durable=True)
        return intent

    def _query(self, request: Request, flight: _Flight, intent: IntentEvent) -> Reply:
        """Ask; once the provider keeps the answer, a failure is no reason to ask again.

        Raises:
            ModelFailure: there is no answer.
        """
        try:
            return self._model.query(request, flight)
        except ModelFailure:
            if not flight.response_id:
                raise
        return self._collect(intent, flight.response_id)

    def _collect(self, intent: IntentEvent, response_id: str) -> Reply:
        """Fetch an answer that the provider keeps, however often that takes.

        Raises:
            ModelFailure: it is gone, or failed for good.
            RunStopped: the provider does not answer; the run may be resumed.
        """
        try:
            return self._fetch(intent, response_id)
        except RunStopped as stop:
            if not stop.reason.is_resumable:
                self._commit_unknown(intent)
            raise

    def _fetch(self, intent: IntentEvent, response_id: str) -> Reply:
        patience = Patience(self._retry)
        while True:
            try:
                return self._model.collect(response_id)
            except PollFailure as failure:
                wait_s = patience.wait_s(failure, f"{intent.request} {response_id}")
                ending = patience.ending(failure, wait_s)
                if ending is not None:
                    raise RunStopped(ending, failure.detail[:200]) from None
                self._announce(failure, wait_s)
                self._wait(wait_s, failure)

    def _check_whole(self, reply: Reply) -> None:
        """Refuse an answer to half a question, and one that could not be recorded.

        Raises:
            ModelFailure: the answer is of no use.
        """
        usage = reply.usage
        counted = usage.tokens_in + usage.tokens_cache_read + usage.tokens_cache_write
        least = self._fingerprint.least_tokens
        if least > _CUT_FROM_TOKENS and 0 < counted < _CUT_SHARE * least:
            raise ModelFailure(
                Fault.CONTEXT_CUT,
                "unknown",
                f"the server read {counted} tokens of a question that has {least} at least: it "
                "cuts long questions off without a word; give it a larger context window",
            )
        try:
            length = len(json.dumps(reply_json(reply), allow_nan=False))
        except (ValueError, RecursionError):
            length = MAX_LINE_BYTES
        if length > MAX_LINE_BYTES // 2 or depth_of(reply.echo) > MOST_DEPTH:
            raise ModelFailure(Fault.PROTOCOL, "unknown", f"answer {reply.id} cannot be recorded")

    def _commit_reply(self, reply: Reply, intent: IntentEvent, seconds: float, how: str) -> Reply:
        usage = reply.usage
        event = ResultEvent.model_validate(
            {
                "f": self._frames(),
                "call": intent.call,
                "attempt": intent.attempt,
                "how": how,
                "reply": reply_json(reply),
                "tokens_in": usage.tokens_in,
                "tokens_cache_read": usage.tokens_cache_read,
                "tokens_cache_write": usage.tokens_cache_write,
                "tokens_out": usage.tokens_out,
                "usd": self._pricing.cost(usage),
                "seconds": round(seconds, 3),
                "w": self._journal.elapsed(),
            }
        )
        return self._received(self._journal.commit(event, durable=True))

    def _received(self, event: ResultEvent) -> Reply:
        """Return the reply of an event; live and replayed runs see exactly the same object."""
        usage = (event.tokens_in, event.tokens_cache_read, event.tokens_cache_write)
        self._last_tokens = sum(usage) + event.tokens_out
        return reply_of(event.reply)

    def _handle(self, failure: ModelFailure, intent: IntentEvent, patience: Patience) -> None:
        """Record a failure, and wait before the next attempt.

        Raises:
            RunStopped: there is no use in asking again now.
        """
        wait_s = patience.wait_s(failure, f"{intent.request} {intent.attempt}")
        ending = patience.ending(failure, wait_s)
        if ending is not None or failure.fault in NEED_NEW_CONTEXT:
            wait_s = 0.0
        self._commit_failure(failure, intent, wait_s)
        if ending is not None:
            raise RunStopped(ending, failure.detail[:200])
        self._announce(failure, wait_s)
        self._wait(wait_s, failure)

    def _commit_failure(self, failure: ModelFailure, intent: IntentEvent, wait_s: float) -> None:
        event = FailedEvent(
            f=self._frames(),
            call=intent.call,
            attempt=intent.attempt,
            fault=failure.fault,
            billed=failure.billed,
            reserve_usd=intent.reserve_usd or 0.0,
            detail=failure.detail[:500],
            wait_s=round(wait_s, 3),
            w=self._journal.elapsed(),
        )
        self._journal.commit(event, durable=True)

    def _announce(self, failure: ModelFailure, wait_s: float) -> None:
        if failure.fault not in NEED_NEW_CONTEXT:
            words = "%s: no answer (%s); the next try is in %.0f s"
            logger.warning(words, self.host, failure.detail[:160], wait_s)

    def _wait(self, seconds: float, failure: ModelFailure) -> None:
        began = time.monotonic()
        while (left := began + seconds - time.monotonic()) > 0:
            if self._stop_requested():
                words = f"stopped while waiting for {self.host}: {failure.detail[:160]}"
                raise RunStopped(EndReason.INTERRUPTED, words)
            self._budgets.check_wall(self._journal)
            time.sleep(min(left, _POLL_S))
        self._waited_s += time.monotonic() - began


def _draw(request: Request) -> None:
    """Make the pictures of a question that were not made yet: those after the last that was."""
    for message in reversed(request.messages):
        for part in getattr(message, "parts", ()):
            if isinstance(part, ImagePart) and not part.draw():
                return


def reply_json(reply: Reply) -> JsonObject:
    """Return a reply as it is recorded; what the provider sent is shared and not copied."""
    values = {field.name: getattr(reply, field.name) for field in fields(reply)}
    values["tool_calls"] = [asdict(call) for call in reply.tool_calls]
    values["usage"] = asdict(reply.usage)
    return values


def reply_of(recorded: JsonObject) -> Reply:
    """Return a recorded reply."""
    values = dict(recorded)
    values["stop"] = Stop(values["stop"])
    values["tool_calls"] = tuple(ToolCall(**call) for call in values["tool_calls"])
    values["usage"] = Usage(**values["usage"])
    return Reply(**values)


def _context_full() -> Reply:
    """Return what an agent is told when a provider refuses the conversation as it is."""
    return Reply("", "", Stop.CONTEXT_FULL, "", "", (), None, Usage())
