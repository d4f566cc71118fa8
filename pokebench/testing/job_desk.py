"""Background responses and stored ones: accepting, polling, streaming on, cancelling."""

from collections.abc import Iterator
from typing import Final

from pokebench.testing.answers import Answer, Call, Stream, page, struck_before, struck_page
from pokebench.testing.faults import FaultLine, PlannedFault
from pokebench.testing.jobs import Job, Jobs
from pokebench.testing.refusal import RefusedError, invalid
from pokebench.testing.responses_wire import ResponsesWire
from pokebench.testing.stream import Wait, timed
from pokebench.testing.wire import Json, Outcome

_PREFIX: Final = "/v1/responses/"
_CANCEL: Final = "/cancel"
_PAUSE_S: Final = 0.02
_MOST_PAUSES: Final = 100_000


class JobDesk:
    """Answers calls about responses that are kept."""

    def __init__(self, wire: ResponsesWire, jobs: Jobs, polls: FaultLine) -> None:
        """Keep responses in `jobs`, and let polls go wrong as `polls` has it."""
        self._wire = wire
        self._jobs = jobs
        self._polls = polls

    def keeps(self, body: Json) -> bool:
        """Return whether a request's response is kept."""
        return bool(body.get("background")) or body.get("store", True)

    def add(self, outcome: Outcome, body: Json) -> Job:
        """Keep a response; what was asked is forgotten."""
        echoed = self._wire.options(body) | {"tools": body.get("tools") or []}
        return self._jobs.add(
            whole=self._wire.reply(outcome, echoed),
            running=self._wire.begun(outcome, echoed, "in_progress"),
            make_events=lambda: self._wire.events(outcome, echoed),
            body=body,
        )

    def accepted(self, job: Job, body: Json, fault: PlannedFault | None) -> Answer:
        """Answer the request that began a background response."""
        if body.get("stream") and not (fault and fault.kind.endswith("after_billing")):
            return self._streamed(job, -1, fault)
        return struck_page(job.running | {"status": "queued"}, fault)

    def answer(self, call: Call) -> Answer:
        """Answer a call about one response.

        Raises:
            RefusedError: there is no such response, or it cannot be done.
        """
        response_id = call.path.removeprefix(_PREFIX).removesuffix(_CANCEL)
        if call.method == "GET":
            return self._poll(response_id, call)
        job = self._found(response_id)
        if call.method == "DELETE":
            self._jobs.forget(response_id)
            return page({"id": response_id, "object": "response", "deleted": True})
        if not call.path.endswith(_CANCEL):
            raise RefusedError(404, "invalid_request_error", f"there is no {call.path} here")
        if not job.is_background:
            raise invalid("Only responses created with background=true can be cancelled.")
        return page(self._jobs.cancel(job))

    def _poll(self, response_id: str, call: Call) -> Answer:
        fault = self._polls.next()
        struck = struck_before(self._wire, fault)
        if struck is not None:
            return struck
        job = self._found(response_id)
        if call.query.get("stream") == "true":
            return self._streamed(job, int(call.query.get("starting_after", "-1")), fault)
        return struck_page(self._jobs.poll(job), fault)

    def _streamed(self, job: Job, after: int, fault: PlannedFault | None) -> Stream:
        """Return the events after number `after`; the last one comes when the response is done."""
        events = job.make_events()[after + 1 :]

        def begin(wait: Wait) -> Iterator[str]:
            return timed(self._wire, self._in_time(job, events, wait), len(events), fault, 0, wait)

        return Stream(begin)

    def _in_time(self, job: Job, events: list[str], wait: Wait) -> Iterator[str]:
        yield from events[:-1]
        for _ in range(_MOST_PAUSES):
            if self._jobs.finish_streamed(job):
                break
            wait(_PAUSE_S)
        if job.is_done:
            yield from events[-1:]

    def _found(self, response_id: str) -> Job:
        job = self._jobs.find(response_id)
        if job is None:
            words = f"Response with id '{response_id}' not found."
            raise RefusedError(404, "invalid_request_error", words, "id")
        return job
