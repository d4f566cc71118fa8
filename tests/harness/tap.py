"""A server between a run and the provider, which keeps what passes, and may spoil it."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import httpx2

from pokebench.testing import FakeProvider


class Tap:
    """Hands requests on to a provider, and its answers back.

    Attributes:
        answers: the bytes of all answers, in order.
        spoil: changes the bytes of an answer before they are handed back.
    """

    def __init__(self, provider: FakeProvider) -> None:
        self.answers: list[bytes] = []
        self.spoil: Callable[[bytes], bytes] = lambda raw: raw
        self._target = provider.url
        handler = type("Handler", (_Handler,), {"tap": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
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
        return f"http://127.0.0.1:{self._server.server_port}"

    def hand_on(self, path: str, headers: dict[str, str], body: bytes) -> httpx2.Response:
        """Ask the provider."""
        kept = {k: v for k, v in headers.items() if k.lower() not in ("host", "content-length")}
        return httpx2.post(self._target + path, headers=kept, content=body)


class _Handler(BaseHTTPRequestHandler):
    tap: Tap

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = self.tap.hand_on(self.path, dict(self.headers), body)
        raw = self.tap.spoil(answer.content)
        self.tap.answers.append(raw)
        self.send_response(answer.status_code)
        self.send_header("content-type", answer.headers["content-type"])
        self.end_headers()
        self.wfile.write(raw)
