"""HTTP: reads requests, sends replies and streams, and breaks connections as planned."""

import json
import os
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler
from typing import Any, Final, cast
from urllib.parse import parse_qs, urlsplit

from pokebench.testing.answers import Answer, Call, Hold, Page, Stream
from pokebench.testing.desk import Desk
from pokebench.testing.refusal import RefusedError, invalid
from pokebench.testing.server import LoopbackServer, hang_up
from pokebench.testing.stream import ResetNowError

_MOST_BYTES: Final = 100_000_000
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


def handler_for(desk: Desk) -> type[BaseHTTPRequestHandler]:
    """Return a class of handlers that ask `desk` what to answer."""
    return type("Handler", (_Handler,), {"desk": desk})


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    desk: Desk
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: requests are long."""

    def do_GET(self) -> None:
        """Answer."""
        self._serve()

    def do_POST(self) -> None:
        """Answer."""
        self._serve()

    def do_DELETE(self) -> None:
        """Answer."""
        self._serve()

    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        raw = self.rfile.read(min(length, _MOST_BYTES))
        began = time.perf_counter()
        url = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        headers = {key.lower(): value for key, value in self.headers.items()}
        call = Call(self.command, url.path, query, headers, {})
        try:
            call = Call(self.command, url.path, query, headers, _body(raw))
            answer = self.desk.answer(call)
        except RefusedError as refused:
            answer = self.desk.refuse(call, refused)
        spent_ms = (time.perf_counter() - began) * 1000
        self._send(answer, (("x-fake-server-ms", f"{spent_ms:.3f}"), ("x-request-id", "req_fake")))

    def _send(self, answer: Answer, extra: tuple[tuple[str, str], ...]) -> None:
        if isinstance(answer, Hold):
            self._wait(answer.seconds)
            self._break_off(is_reset=answer.is_reset)
        elif isinstance(answer, Page):
            self._wait(answer.delay_s)
            self._send_page(answer, extra)
        else:
            self._send_stream(answer, extra)

    def _send_page(self, page: Page, extra: tuple[tuple[str, str], ...]) -> None:
        raw = page.text.encode()
        self.send_response(page.status)
        self.send_header("content-type", page.kind)
        self.send_header("content-length", str(len(raw)))
        for name, value in (*page.headers, *extra):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def _send_stream(self, stream: Stream, extra: tuple[tuple[str, str], ...]) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("cache-control", "no-cache")
        self.send_header("transfer-encoding", "chunked")
        for name, value in extra:
            self.send_header(name, value)
        self.end_headers()
        try:
            for text in stream.timed(self._wait):
                raw = text.encode()
                self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))
            self.wfile.write(b"0\r\n\r\n")
        except ResetNowError:
            self._break_off(is_reset=True)
        except OSError:
            self.close_connection = True

    def _wait(self, seconds: float) -> None:
        if seconds:
            cast(LoopbackServer, self.server).closing.wait(seconds)

    def _break_off(self, *, is_reset: bool) -> None:
        """End the connection, in good order or as if a router had died."""
        self.close_connection = True
        if not is_reset:
            hang_up(self.connection)
            return
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        os.close(self.connection.detach())


def _body(raw: bytes) -> dict[str, Any]:
    """Return a request's body; empty if there is none.

    Raises:
        RefusedError: it is no JSON object.
    """
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise invalid("The request body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise invalid("The request body is not a JSON object.")
    return body
