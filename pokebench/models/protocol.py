"""What the harness says to a model and hears from it, alike for every provider.

A conversation is append-only: inside an epoch no message is ever edited, shortened or dropped,
because
caches and reasoning are bound to the exact prefix. What a provider answered is kept as its own
items (`Reply.echo`) and is sent back verbatim.
"""

import base64
from dataclasses import dataclass, field
from enum import StrEnum, unique
from functools import cached_property
from typing import Any, Literal, Protocol

from pokebench.models.picture import png_of
from pokebench.types import Frame

JsonValue = Any
"""Whatever `json` reads and writes."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """Words in a message."""

    text: str


@dataclass(frozen=True, eq=False)
class ImagePart:
    """A screen in a message.

    Its identity is in its pixels: how a PNG packs them depends on the machine's libraries, and it
    is made only when a provider is really asked.

    Attributes:
        screen: `(144, 160, 3) uint8`, RGB; not to be changed.
        scale: how often each pixel is repeated to each side.
    """

    screen: Frame
    scale: int

    def draw(self) -> bool:
        """Make the picture now; return whether it was not made before."""
        is_new = "base64_png" not in self.__dict__
        _ = self.base64_png
        return is_new

    @cached_property
    def base64_png(self) -> str:
        """The picture at the size that the card asks for, as PNG in base64."""
        return base64.b64encode(png_of(self.screen, self.scale)).decode()


Part = TextPart | ImagePart


@dataclass(frozen=True, slots=True)
class UserMessage:
    """Something said to the model."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class AssistantMessage:
    """A reply of the model, as the provider's own items, verbatim.

    Attributes:
        echo: what the adapter that made the reply needs to send it back; JSON.
    """

    echo: JsonValue


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came of a tool call.

    Attributes:
        call_id: the call's id.
        parts: what to show.
        is_error: the call could not be done; the parts say why.
    """

    call_id: str
    parts: tuple[Part, ...]
    is_error: bool = False


Message = UserMessage | AssistantMessage | ToolResult


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool that the model may call.

    Attributes:
        name: its name.
        description: what it does, for the model.
        parameters: JSON Schema of its arguments; strict: no additional properties, all required.
    """

    name: str
    description: str
    parameters: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model.

    Attributes:
        system: instructions, the same for a whole epoch.
        tools: the tools, the same for a whole run.
        messages: the epoch so far.
        may_call_tools: False for questions that want words only, such as a summary.
        after: the provider's id of the reply before, so that it can say why a cache was missed.
    """

    system: str
    tools: tuple[ToolSpec, ...]
    messages: tuple[Message, ...]
    may_call_tools: bool = True
    after: str = ""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool call as the model wrote it; the arguments are its text, not yet parsed."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call, in disjoint classes; `reasoning` is a part of `tokens_out`."""

    tokens_in: int = 0
    tokens_cache_read: int = 0
    tokens_cache_write: int = 0
    tokens_out: int = 0
    reasoning: int = 0


@unique
class Stop(StrEnum):
    """Why a reply ended."""

    TOOL_CALL = "tool_call"
    END = "end"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    FILTERED = "filtered"
    CONTEXT_FULL = "context_full"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply.

    Attributes:
        id: the provider's id of the reply or request.
        model: the model that says it answered.
        stop: why the reply ended.
        text: words, without thinking.
        thinking: thinking or its summary, where the provider gives it.
        tool_calls: in order; empty unless `stop` is TOOL_CALL.
        echo: the reply as the provider's own items, JSON.
        usage: tokens.
        cache_miss: the provider's reason why the prefix was not read from the cache, if it says
            one.
        detail: category of a refusal or the like.
    """

    id: str
    model: str
    stop: Stop
    text: str
    thinking: str
    tool_calls: tuple[ToolCall, ...]
    echo: JsonValue
    usage: Usage
    cache_miss: str | None = None
    detail: str = ""


@unique
class Fault(StrEnum):
    """How a call can fail."""

    RATE_LIMIT = "rate_limit"
    OVERLOADED = "overloaded"
    SERVER = "server"
    CONNECT = "connect"
    NETWORK = "network"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    QUOTA = "quota"
    AUTH = "auth"
    MODEL_UNAVAILABLE = "model_unavailable"
    BAD_REQUEST = "bad_request"
    CONTEXT_OVERFLOW = "context_overflow"
    REASONING_REJECTED = "reasoning_rejected"
    CONTEXT_CUT = "context_silently_cut"
    GONE = "gone"


RETRYABLE = frozenset(
    {
        Fault.RATE_LIMIT, Fault.OVERLOADED, Fault.SERVER, Fault.CONNECT, Fault.NETWORK,
        Fault.TIMEOUT, Fault.PROTOCOL, Fault.GONE,
    }
)  # fmt: skip
"""Faults after which the same question may be asked again."""
NEED_NEW_CONTEXT = frozenset({Fault.CONTEXT_OVERFLOW, Fault.REASONING_REJECTED})
"""Faults that lie in the conversation: only another one can be asked."""


class ModelFailure(Exception):  # noqa: N818 - a failure, not an error of ours
    """A call that gave no reply.

    Attributes:
        fault: what went wrong.
        billed: "no" if the provider surely did not charge, "unknown" if it may have.
        retry_after_s: seconds that the provider asks to wait, if it says so.
        detail: its words, without keys and without the prompt.
    """

    def __init__(
        self,
        fault: Fault,
        billed: Literal["no", "unknown"],
        detail: str,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
        self.billed = billed
        self.detail = detail
        self.retry_after_s = retry_after_s

    @property
    def is_retryable(self) -> bool:
        """Whether the same question may be asked again."""
        return self.fault in RETRYABLE


class PollFailure(ModelFailure):
    """Fetching an answer that a provider keeps failed; the answer itself may be well."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What a card says about a model, for its adapter.

    Attributes:
        model: exact id.
        base_url: where to ask, if not at the provider's own place.
        api_key_env: the environment variable that holds the key; "" where no key is needed.
        max_output_tokens: ceiling of a reply.
        effort: reasoning effort, in the provider's words, or "" for its default.
        background: the provider works on its own and keeps the answer to be fetched.
        options: further provider options, handed on as they are.
        deadline_s: seconds after which a call is given up, however it drips.
        read_timeout_s: seconds of silence after which a call is given up.
    """

    model: str
    base_url: str | None = None
    api_key_env: str = ""
    max_output_tokens: int = 8000
    effort: str = ""
    background: bool = False
    options: dict[str, JsonValue] = field(default_factory=dict)
    deadline_s: float = 900.0
    read_timeout_s: float = 120.0


class Flight(Protocol):
    """Hears how a question fares while it is on its way."""

    def accepted(self, response_id: str) -> None:
        """The provider works on it, and will keep the answer under this id."""
        ...

    def received(self, data: bytes) -> None:
        """Some bytes of the answer came in, as they are on the wire."""
        ...


class _Unheard:
    """Hears nothing."""

    def accepted(self, response_id: str) -> None:
        """Pass over it."""

    def received(self, data: bytes) -> None:
        """Pass over it."""


UNHEARD: Flight = _Unheard()


class Model(Protocol):
    """One provider's client for one model."""

    @property
    def host(self) -> str:
        """The host that questions go to: recorded with a run."""
        ...

    def query(self, request: Request, flight: Flight = UNHEARD) -> Reply:
        """Ask once and return the whole reply; no retries.

        Raises:
            ModelFailure: there is no whole reply.
        """
        ...

    def reread(self, request: Request, raw: bytes) -> Reply:
        """Read the answer to `request` again from its bytes, without asking.

        Raises:
            ModelFailure: they hold no whole reply.
        """
        ...

    def collect(self, response_id: str) -> Reply:
        """Wait for the answer that the provider keeps under an id.

        Raises:
            PollFailure: it could not be fetched; it may be, later.
            ModelFailure: there is none: the provider failed, or does not have it (`GONE`).
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
