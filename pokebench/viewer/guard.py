"""Who may ask the server: this machine by its own names, or who has the token; and only to read."""

import hmac
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_COOKIE: Final = "pokebench_token"
_POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'"
)
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Stands before the server and lets nobody else in.

    A page on another site can make a person's browser ask a server on loopback: then the Origin is
    another one. It can also give its own name this machine's address: then the Host is another one.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str], port: int, token: str = "") -> None:
        """Guard `app`.

        Args:
            app: the server.
            hosts: names and addresses by which it may be asked.
            port: its port.
            token: what who asks must know; "" asks for none, which is for loopback only.
        """
        self._app = app
        self._hosts = frozenset(f"{host}:{port}" for host in hosts)
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or let pass with the headers that every answer has."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        await self._answer(scope)(scope, receive, send_guarded)

    def _answer(self, scope: Scope) -> ASGIApp:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host not in self._hosts:
            return PlainTextResponse("This server is asked by another name.", 421)
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return PlainTextResponse("This server answers its own page only.", 403)
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return PlainTextResponse("This server answers its own page only.", 403)
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("This server can be read only.", 405)
        return self._with_token(scope, headers) if self._token else self._app

    def _with_token(self, scope: Scope, headers: Headers) -> ASGIApp:
        """Let in who has the cookie; give it to who has the token in the address."""
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if given and _same(given, self._token):
            answer = RedirectResponse(scope["path"])
            answer.set_cookie(_COOKIE, self._token, httponly=True, samesite="strict")
            return answer
        if _same(_cookie(headers.get("cookie", "")), self._token):
            return self._app
        return PlainTextResponse("Open the address with the token that was printed.", 401)


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(_COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
