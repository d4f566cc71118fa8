"""What all adapters share: a stream that is read to its end, under a deadline, heard byte by byte.

Retries are the runner's. The bytes of an answer are handed on as they arrive, so that one which was
whole when the process ended can be read again without asking.
"""

import time
import urllib.parse
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

import httpx2

from pokebench.models.failure import failure_of
from pokebench.models.protocol import (
    UNHEARD,
    Fault,
    Flight,
    ModelFailure,
    ModelSettings,
    Reply,
    Request,
)

CONNECT_TIMEOUT_S: Final = 10.0
_OK: Final = range(200, 300)


class Assembly(Protocol):
    """Puts a streamed reply together."""

    @property
    def response_id(self) -> str:
        """The provider's id of the reply, once it is known."""
        ...

    def add(self, event: Any) -> None:
        """Take one event of the stream."""
        ...

    def reply(self) -> Reply:
        """Return the whole reply.

        Raises:
            ModelFailure: the stream ended before the reply did, or says that it failed.
        """
        ...


class Wire(httpx2.BaseTransport):
    """The transport below an SDK: hands on bytes, keeps a deadline, plays an answer again."""

    def __init__(self, base_url: str | None) -> None:
        """Ask over the network, through a proxy where the environment names one."""
        self._network = httpx2.HTTPTransport(proxy=_proxy_for(base_url))
        self._hear: Callable[[bytes], None] = lambda data: None
        self._deadline = 0.0
        self._again: bytes | None = None

    def listen(self, hear: Callable[[bytes], None], deadline_s: float) -> None:
        """Hand the bytes of the next answer to `hear`, and give it up after `deadline_s`."""
        self._hear = hear
        self._deadline = time.monotonic() + deadline_s

    def play(self, raw: bytes) -> None:
        """Answer the next request with the bytes of an earlier answer; nothing is sent."""
        self._again = raw

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, or play an answer again."""
        if self._again is not None:
            raw, self._again = self._again, None
            return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=raw)
        request.headers["accept-encoding"] = "identity"
        response = self._network.handle_request(request)
        stream = response.stream
        if response.status_code in _OK and isinstance(stream, httpx2.SyncByteStream):
            response.stream = _Heard(stream, self._hear, self._deadline)
        return response

    def close(self) -> None:
        """Let go of connections."""
        self._network.close()


class _Heard(httpx2.SyncByteStream):
    """A stream that is listened to."""

    def __init__(
        self, stream: httpx2.SyncByteStream, hear: Callable[[bytes], None], deadline: float
    ) -> None:
        self._stream = stream
        self._hear = hear
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("the answer took too long")
            self._hear(chunk)
            yield chunk

    def close(self) -> None:
        self._stream.close()


class StreamedModel(ABC):
    """One model behind one SDK; adapters say how a request looks and how a stream is read."""

    def __init__(self, settings: ModelSettings) -> None:
        """Make the client below the SDK's; the adapter makes the SDK's own."""
        self._settings = settings
        self._wire = Wire(settings.base_url)
        timeout = httpx2.Timeout(settings.read_timeout_s, connect=CONNECT_TIMEOUT_S)
        self._http = httpx2.Client(transport=self._wire, timeout=timeout, follow_redirects=True)

    @property
    @abstractmethod
    def host(self) -> str:
        """The host that questions go to."""

    @abstractmethod
    def _open(self, request: Request) -> AbstractContextManager[Iterable[Any]]:
        """Ask, and return the stream of events."""

    @abstractmethod
    def _assembly(self) -> Assembly:
        """Return what puts a stream together."""

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()

    def query(self, request: Request, flight: Flight = UNHEARD) -> Reply:
        """Ask once; see `Model.query`."""
        self._wire.listen(flight.received, self._settings.deadline_s)
        return self._read(request, flight)

    def reread(self, request: Request, raw: bytes) -> Reply:
        """Read an answer again; see `Model.reread`."""
        self._wire.play(raw)
        return self._read(request, UNHEARD)

    def collect(self, response_id: str) -> Reply:
        """Fetch an answer; only adapters whose provider keeps answers can."""
        raise ModelFailure(Fault.GONE, "unknown", f"answer {response_id} is not kept")

    def _read(self, request: Request, flight: Flight) -> Reply:
        assembly = self._assembly()
        is_background, is_known = self._settings.background, False
        try:
            with self._open(request) as stream:
                for event in stream:
                    assembly.add(event)
                    if is_background and not is_known and assembly.response_id:
                        is_known = True
                        flight.accepted(assembly.response_id)
            return assembly.reply()
        except ModelFailure:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the SDK or its transport raises
            raise failure_of(error) from None


def _proxy_for(base_url: str | None) -> str | None:
    """Return the proxy that the environment names for an address, as SDKs would find it."""
    parts = urllib.parse.urlsplit(base_url or "https://api.invalid")
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    proxies = urllib.request.getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")
