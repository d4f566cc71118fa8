"""A provider on loopback: speaks the real wire protocols, keeps a bill, fails as it is told to.

It needs no key, so anyone can develop agents against it, and it lets a test prove what cannot be
seen at a real provider: that nothing was asked or paid for twice.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

from pokebench.testing.brain import Brain, BrainOptions
from pokebench.testing.desk import Desk
from pokebench.testing.faults import FaultLine, FaultPlan, PlannedFault
from pokebench.testing.http_door import handler_for
from pokebench.testing.job_desk import JobDesk
from pokebench.testing.jobs import Jobs
from pokebench.testing.ledger import Bill, Ledger
from pokebench.testing.players import Player
from pokebench.testing.responses_wire import ResponsesWire
from pokebench.testing.server import LoopbackServer

_LOOK_UP_S: Final = 0.05
"""How often the server looks whether it should end."""


class FakeProvider:
    """The provider, as a context manager that serves while it is open.

    Attributes:
        faults: faults of the next questions, in order; None is a question without a fault.
        poll_faults: faults of the next polls of background responses.
    """

    def __init__(
        self,
        player: Player,
        port: int = 0,
        *,
        ledger: Path | None = None,
        plan: FaultPlan | None = None,
        clock: Callable[[], float] = time.monotonic,
        context_tokens: int | None = None,
        binds_thinking: bool = True,
        background_polls: int = 1,
        background_seconds: float = 0.0,
        reply_seconds: float = 0.0,
    ) -> None:
        """Listen on loopback.

        Args:
            player: who answers.
            port: 0 is any free one.
            ledger: file that each bill is appended to.
            plan: what goes wrong and when.
            clock: seconds; caches and stored responses expire by it.
            context_tokens: the context window; None is without end.
            binds_thinking: whether thinking is refused or dropped where its past was changed.
            background_polls: polls until a background response is finished.
            background_seconds: seconds until a background response is finished.
            reply_seconds: seconds that a reply takes; a stream spreads over them.
        """
        plan = plan or FaultPlan()
        self._ledger = Ledger(ledger)
        questions, polls = FaultLine(plan, "question"), FaultLine(plan, "poll")
        self.faults: deque[PlannedFault | None] = questions.lined_up
        self.poll_faults: deque[PlannedFault | None] = polls.lined_up
        brain = Brain(player, self._ledger, clock, BrainOptions(context_tokens, binds_thinking))
        jobs = Jobs(clock, background_polls, max(background_seconds, reply_seconds))
        desk = Desk(
            brain,
            self._ledger,
            JobDesk(ResponsesWire(brain.models), jobs, polls),
            questions,
            reply_seconds=reply_seconds,
            context_tokens=context_tokens,
        )
        self._server = LoopbackServer(port, handler_for(desk))
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_LOOK_UP_S,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        """Where Anthropic's SDK should ask; OpenAI's wants `/v1` after it."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def bills(self) -> list[Bill]:
        """All charges, in order."""
        return self._ledger.bills
