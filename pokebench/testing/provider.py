"""A provider on loopback: speaks the real wire protocols, keeps a bill, fails as it is told to.

It needs no key, so anyone can develop agents against it, and it lets a test prove what cannot be
seen at a real provider: that nothing was asked or paid for twice.
"""

import hashlib
import json
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal, Self

from pokebench.testing.cache import PromptCache, text_tokens
from pokebench.testing.players import Player, ScriptedReply
from pokebench.testing.wires import WIRES, Outcome, Wire, words_of

FaultKind = Literal[
    "status", "drop", "drop_after_billing", "stall", "drip", "truncate_stream", "garbage",
    "not_json", "refused", "truncated", "filtered", "bad_arguments", "unknown_tool", "no_tool",
]  # fmt: skip
_STATUS_WORDS: Final = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error",
    404: "not_found_error", 429: "rate_limit_error", 500: "api_error",
    503: "service_unavailable", 529: "overloaded_error",
}  # fmt: skip
_REPLY_STOPS: Final = ("refused", "truncated", "filtered")


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """Something that goes wrong with one request.

    Attributes:
        kind: what.
        status: the status of an error, for the kind `status`.
        word: the error's type or code, if not the usual one of the status.
        headers: headers of an error, such as retry-after.
        seconds: how long a stall or the pauses of a drip are.
    """

    kind: FaultKind
    status: int = 500
    word: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.5


@dataclass(frozen=True, slots=True)
class Bill:
    """One charge, written before the first byte of the answer leaves."""

    request: str
    model: str
    tokens_in: int
    tokens_cache_read: int
    tokens_cache_write: int
    tokens_out: int


class FakeProvider:
    """The provider, as a context manager that serves while it is open."""

    def __init__(self, player: Player, port: int = 0) -> None:
        """Listen on loopback; port 0 is any free one."""
        self.bills: list[Bill] = []
        self.faults: deque[PlannedFault | None] = deque()
        self._player = player
        self._cache = PromptCache()
        self._replies: dict[str, Outcome] = {}
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"provider": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where Anthropic's SDK should ask; OpenAI's wants `/v1` after it."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def next_fault(self) -> PlannedFault | None:
        """Return what is planned for the next request."""
        with self._lock:
            return self.faults.popleft() if self.faults else None

    def answer(self, wire: Wire, body: dict[str, Any], fault: PlannedFault | None) -> Outcome:
        """Answer a request and bill it; equal requests get equal answers and are billed again."""
        raw = json.dumps(body, sort_keys=True).encode()
        request = hashlib.sha256(raw).hexdigest()
        with self._lock:
            blocks = wire.blocks(body)
            use = self._cache.use(wire.family, body["model"], blocks)
            kept = self._replies.get(request)
            if kept is None or fault is not None:
                texts = words_of(blocks)
                kept = self._outcome(body, texts, fault)
                if fault is None or fault.kind == "drop_after_billing":
                    self._replies[request] = kept
            outcome = Outcome(
                kept.number, kept.model, kept.said, kept.arguments, kept.stop, use, kept.tokens_out
            )
            self.bills.append(
                Bill(request, kept.model, use.fresh, use.read, use.written, kept.tokens_out)
            )
        return outcome

    def _outcome(
        self, body: dict[str, Any], texts: list[str], fault: PlannedFault | None
    ) -> Outcome:
        kind = fault.kind if fault else ""
        choice = body.get("tool_choice")
        may_call = choice != "none" and choice != {"type": "none"}
        if kind in ("no_tool", "unknown_tool", "bad_arguments", *_REPLY_STOPS):
            said = ScriptedReply("Hm.", "fly" if kind == "unknown_tool" else "press_buttons")
            said = ScriptedReply("Hm.") if kind == "no_tool" else said
        else:
            said = self._player.reply(body["model"], texts, may_call_tools=may_call)
        arguments = json.dumps(said.arguments)
        if kind in ("bad_arguments", "truncated"):
            arguments = '{"buttons": ["a'
        stop = kind if kind in _REPLY_STOPS else "whole"
        tokens_out = 10 + text_tokens(said.text + said.thinking + arguments)
        no_use = self._cache.use("openai", "", [])
        number = len(self.bills)
        return Outcome(number, body["model"], said, arguments, stop, no_use, tokens_out)


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP for the provider."""

    provider: FakeProvider
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: requests are long."""

    def do_GET(self) -> None:
        """Show the bills."""
        bills = [asdict(bill) for bill in self.provider.bills]
        self._send(200, {"bills": bills} if self.path == "/_fake/bills" else {"data": []})

    def do_POST(self) -> None:
        """Answer a question, or fail as planned."""
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        wire = WIRES.get(self.path)
        if wire is None:
            self._send(404, {"error": {"message": f"no {self.path} here", "type": "not_found"}})
            return
        fault = self.provider.next_fault()
        if fault is not None and self._fails_before(wire, fault):
            return
        try:
            outcome = self.provider.answer(wire, json.loads(raw), fault)
        except ValueError as error:
            self._send(400, wire.error(400, "invalid_request_error", str(error)))
            return
        if fault is not None and fault.kind == "drop_after_billing":
            self._hang_up()
            return
        self._stream(wire.events(outcome), fault)

    def _fails_before(self, wire: Wire, fault: PlannedFault) -> bool:
        """Fail before anything is answered or billed, if that is what is planned."""
        if fault.kind == "status":
            word = fault.word or _STATUS_WORDS.get(fault.status, "error")
            self._send(fault.status, wire.error(fault.status, word, "planned"), fault.headers)
        elif fault.kind == "drop":
            self._hang_up()
        elif fault.kind == "garbage":
            self._send(200, "<html>bad gateway</html>")
        else:
            return False
        return True

    def _stream(self, events: list[str], fault: PlannedFault | None) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        kind = fault.kind if fault else ""
        seconds = fault.seconds if fault else 0.0
        if kind == "truncate_stream":
            events = events[: len(events) // 2]
        for index, event in enumerate(events):
            if kind == "not_json" and index == 1:
                self.wfile.write(b"event: x\ndata: {not json\n\n")
            if kind == "drip" or (kind == "stall" and index == 1):
                time.sleep(seconds)
            try:
                self.wfile.write(event.encode())
                self.wfile.flush()
            except OSError:
                return

    def _send(self, status: int, body: Any, headers: tuple[tuple[str, str], ...] = ()) -> None:
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        kind = "text/html" if isinstance(body, str) else "application/json"
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(raw)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()
