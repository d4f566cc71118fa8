"""Runs the server, and ends it without an error for whoever still waits for an answer."""

import asyncio
from socket import socket
from typing import Final

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_GRACE_S: Final = 5


def serve(app: ASGIApp, listening: socket) -> None:
    """Answer whoever connects to `listening` until Ctrl-C or SIGTERM."""
    _Server(app).run([listening])


class _Server(uvicorn.Server):
    """Takes back what is not answered yet when it is told to end; else it would wait for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._answers = _Answers(app)
        settings = uvicorn.Config(
            self._answers,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
        super().__init__(settings)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._answers.end()
        await super().shutdown(sockets)


class _Answers:
    """Stands before the server and knows which answers are under way."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open: set[asyncio.Task[None]] = set()
        self._is_ended = False

    def end(self) -> None:
        """Take back all answers that are under way."""
        self._is_ended = True
        for task in self._open:
            task.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; when the server ends meanwhile, say so, or end what was begun."""
        task = asyncio.current_task()
        if scope["type"] != "http" or task is None:
            await self._app(scope, receive, send)
            return
        is_begun = is_whole = False

        async def send_noted(message: Message) -> None:
            nonlocal is_begun, is_whole
            await send(message)
            is_begun = True
            is_whole = message["type"] == "http.response.body" and not message.get("more_body")

        self._open.add(task)
        try:
            await self._app(scope, receive, send_noted)
        except asyncio.CancelledError:
            if not self._is_ended:
                raise
            if is_begun and not is_whole:
                await send({"type": "http.response.body", "body": b""})
            elif not is_begun:
                await PlainTextResponse("The server was ended.", 503)(scope, receive, send)
        finally:
            self._open.discard(task)
