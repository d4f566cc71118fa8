"""Decides what each request to the provider gets."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from pokebench.testing.answers import (
    Answer,
    Call,
    Page,
    Stream,
    page,
    struck_before,
    struck_page,
)
from pokebench.testing.brain import Brain
from pokebench.testing.chat_wire import ChatWire
from pokebench.testing.faults import FaultLine, PlannedFault
from pokebench.testing.job_desk import JobDesk
from pokebench.testing.ledger import Ledger
from pokebench.testing.messages_wire import MessagesWire
from pokebench.testing.model_list import model_entry, model_page
from pokebench.testing.refusal import RefusedError, invalid
from pokebench.testing.responses_wire import ResponsesWire
from pokebench.testing.stream import timed
from pokebench.testing.wire import Json, Outcome, Wire

_JOBS: Final = "/v1/responses/"
_MODELS: Final = "/v1/models"
_OWN: Final = "/_fake/"


class Desk:
    """Answers calls."""

    def __init__(
        self,
        brain: Brain,
        ledger: Ledger,
        jobs: JobDesk,
        questions: FaultLine,
        *,
        reply_seconds: float,
        context_tokens: int | None,
    ) -> None:
        """Answer with what `brain` says and as `questions` has it go wrong.

        Args:
            brain: makes replies.
            ledger: shown at `/_fake/bills`.
            jobs: keeps responses and answers polls.
            questions: faults of questions.
            reply_seconds: seconds that a reply takes.
            context_tokens: what the list of models says.
        """
        self._brain = brain
        self._ledger = ledger
        self._jobs = jobs
        self._questions = questions
        self._reply_seconds = reply_seconds
        self._context_tokens = context_tokens
        self._messages = MessagesWire(brain.models)
        self._responses = ResponsesWire(brain.models)
        self._chat = ChatWire(brain.models)
        self._wires: dict[str, Wire] = {
            "/v1/messages": self._messages,
            "/v1/responses": self._responses,
            "/v1/chat/completions": self._chat,
        }
        self._counters: dict[str, Callable[[Json], Json]] = {
            "/v1/messages/count_tokens": self._count_messages,
            "/v1/responses/input_tokens": self._count_responses,
        }

    def answer(self, call: Call) -> Answer:
        """Answer a call.

        Raises:
            RefusedError: the provider refuses it.
        """
        if call.path.startswith(_OWN):
            return self._own(call)
        self._check_key(call)
        if call.method == "POST" and call.path in self._wires:
            return self._question(self._wires[call.path], call.body)
        if call.method == "POST" and call.path in self._counters:
            return page(self._counters[call.path](call.body))
        if call.path.startswith(_JOBS):
            return self._jobs.answer(call)
        if call.method == "GET" and call.path == _MODELS:
            return page(model_page(self._family(call), self._brain.models, self._context_tokens))
        if call.method == "GET" and call.path.startswith(_MODELS + "/"):
            name = call.path.removeprefix(_MODELS + "/")
            return page(model_entry(self._family(call), name, self._context_tokens))
        raise RefusedError(404, "not_found_error", f"there is no {call.method} {call.path} here")

    def refuse(self, call: Call, refused: RefusedError) -> Page:
        """Return a refusal in the words of the provider that was called."""
        return page(self._speaker(call).error(refused), refused.status)

    def _question(self, wire: Wire, body: Json) -> Answer:
        fault = self._questions.next()
        struck = struck_before(wire, fault)
        if struck is not None:
            self._brain.overhear(wire, body)
            return struck
        outcome = self._brain.answer(wire, body, fault)
        if wire is self._responses and self._jobs.keeps(body):
            job = self._jobs.add(outcome, body)
            if body.get("background"):
                return self._jobs.accepted(job, body, fault)
        if not body.get("stream") or (fault and fault.kind.endswith("after_billing")):
            return self._whole(wire, body, outcome, fault)
        events = wire.events(outcome, body)
        if fault is None and not self._reply_seconds:
            return Stream(lambda _wait: iter(("".join(events),)))
        pause_s = self._reply_seconds / len(events)
        return Stream(lambda wait: timed(wire, events, len(events), fault, pause_s, wait))

    def _whole(
        self, wire: Wire, body: Json, outcome: Outcome, fault: PlannedFault | None
    ) -> Answer:
        if fault is not None and fault.kind == "error_event":
            error = RefusedError(529, fault.word or "overloaded_error", "planned")
            return page(wire.error(error), error.status)
        return struck_page(wire.reply(outcome, body), fault, self._reply_seconds)

    def _count_messages(self, body: Json) -> Json:
        return {"input_tokens": self._brain.count(self._messages, {"max_tokens": 1} | body)}

    def _count_responses(self, body: Json) -> Json:
        tokens = self._brain.count(self._responses, body)
        return {"object": "response.input_tokens", "input_tokens": tokens}

    def _own(self, call: Call) -> Page:
        if call.path != f"{_OWN}bills":
            raise RefusedError(404, "not_found_error", f"there is no {call.path} here")
        first = int(call.query.get("after", "0"))
        return page({"bills": [asdict(bill) for bill in self._ledger.bills[first:]]})

    def _check_key(self, call: Call) -> None:
        """Check that there is a key; any will do.

        Raises:
            RefusedError: there is none.
        """
        bearer = call.headers.get("authorization", "").removeprefix("Bearer").strip()
        if self._family(call) == "anthropic":
            if not (bearer or call.headers.get("x-api-key")):
                raise RefusedError(401, "authentication_error", "x-api-key header is required")
            if "anthropic-version" not in call.headers:
                raise invalid("anthropic-version: header is required")
        elif not bearer:
            words = "You didn't provide an API key. Provide it in an Authorization header."
            raise RefusedError(401, "invalid_request_error", words)

    def _family(self, call: Call) -> str:
        return self._speaker(call).family

    def _speaker(self, call: Call) -> Wire:
        """Return the protocol in which a call is spoken to, even if it is none of ours."""
        if call.path.startswith("/v1/messages") or "anthropic-version" in call.headers:
            return self._messages
        return self._responses if call.path.startswith("/v1/responses") else self._chat
