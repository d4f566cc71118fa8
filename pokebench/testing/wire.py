"""What the three protocols share: a reply as it will be sent, and how text is cut into pieces."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import cycle
from typing import Any, Final, Literal, Protocol

from pokebench.testing.blocks import Block, text_tokens
from pokebench.testing.refusal import RefusedError
from pokebench.testing.reply import ScriptedReply
from pokebench.testing.usage import CacheUse

Json = dict[str, Any]
Stop = Literal["whole", "truncated", "refused", "filtered", "context_full"]
OVERHEAD_TOKENS: Final = 10
"""Output tokens of a reply besides its words."""
REFUSAL: Final = "I will not do that."
_PIECE_LENGTHS: Final = (4, 9, 2, 14, 6, 21, 3)
_MOST_PIECES: Final = 40


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply as it will be sent.

    Attributes:
        id: tells this attempt to answer from others.
        part: what ids of the reply's parts are made of: the same for each attempt, so that a
            conversation does not depend on how often something was asked.
        model: the model that was asked for.
        said: what the player answered, perhaps spoiled or cut off.
        arguments: the tool's arguments as they were written.
        stop: how it ended.
        use: input tokens.
        tokens_out: output tokens, thinking included.
        tokens_thinking: output tokens of thinking.
        seal: what thinking carries to be recognized again.
        created: seconds on the provider's clock.
        extra: what else the reply says about its request, such as why a cache missed.
    """

    id: str
    part: str
    model: str
    said: ScriptedReply
    arguments: str
    stop: Stop
    use: CacheUse
    tokens_out: int
    tokens_thinking: int = 0
    seal: str = ""
    created: int = 0
    extra: Json = field(default_factory=dict)

    @property
    def calls_tool(self) -> bool:
        """Whether the reply holds a tool call."""
        return bool(self.said.tool) and self.stop not in ("refused", "filtered")


class Wire(Protocol):
    """One protocol."""

    name: str
    family: str

    def blocks(self, body: Json) -> list[Block]:
        """Check a request and return its blocks, in the order in which they are cached.

        Raises:
            RefusedError: the provider would refuse it.
        """
        ...

    def options(self, body: Json) -> Json:
        """Return a request without what `blocks` returns."""
        ...

    def tools(self, body: Json) -> tuple[str, ...]:
        """Return the names of the tools that may be called; none if none may."""
        ...

    def most_tokens(self, body: Json) -> int | None:
        """Return the output tokens that a reply may have."""
        ...

    def thinks(self, body: Json) -> bool:
        """Return whether the request lets the model think."""
        ...

    def seeds(self, body: Json, blocks: list[Block]) -> tuple[str, str]:
        """Return what all cached prefixes depend on besides their blocks, and what messages do."""
        ...

    def reply(self, outcome: Outcome, body: Json) -> Json:
        """Return the reply as one object."""
        ...

    def events(self, outcome: Outcome, body: Json) -> list[str]:
        """Return the reply as server-sent events, the last one ending it."""
        ...

    def reply_id(self, outcome: Outcome) -> str:
        """Return the id of the reply as one object."""
        ...

    def overflow(self, tokens: int, most: int) -> RefusedError:
        """Return the refusal of a request that the context window does not hold."""
        ...

    def error(self, refused: RefusedError) -> Json:
        """Return the body of an error."""
        ...

    def error_event(self, kind: str) -> str:
        """Return an error inside a stream that began well."""
        ...


def event(kind: str, data: Json) -> str:
    """Return a server-sent event with a name."""
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n"


def pieces(text: str) -> Iterator[str]:
    """Yield `text` in pieces of uneven lengths, cut wherever that falls."""
    stretch = max(
        1, math.ceil(len(text) * len(_PIECE_LENGTHS) / sum(_PIECE_LENGTHS) / _MOST_PIECES)
    )
    at = 0
    for length in cycle(_PIECE_LENGTHS):
        if at >= len(text):
            return
        yield text[at : at + length * stretch]
        at += length * stretch


def reply_tokens(said: ScriptedReply, arguments: str) -> int:
    """Return the output tokens of a reply."""
    return OVERHEAD_TOKENS + text_tokens(said.text + said.thinking + arguments)


def cut_off(said: ScriptedReply, arguments: str, most_tokens: int) -> tuple[ScriptedReply, str]:
    """Return what is said of a reply until its tokens are used up: thinking, words, arguments."""
    left = max(most_tokens - OVERHEAD_TOKENS, 0) * 4
    thinking = said.thinking[:left]
    left -= len(thinking)
    text = said.text[:left]
    left -= len(text)
    tool = said.tool if left > 0 else None
    return replace(said, thinking=thinking, text=text, tool=tool), arguments[:left]


def lenient_object(arguments: str) -> Json:
    """Return a tool's arguments as an object, empty if they are none."""
    try:
        value = json.loads(arguments)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def openai_seed(body: Json) -> str:
    """Return what a cached prefix of OpenAI's depends on besides its blocks."""
    text = body.get("text") or {}
    effort = (body.get("reasoning") or {}).get("effort") or body.get("reasoning_effort")
    parts = [
        body["model"], body.get("prompt_cache_key"), effort, body.get("service_tier"),
        text.get("format") or body.get("response_format"),
        text.get("verbosity") or body.get("verbosity"),
    ]  # fmt: skip
    return json.dumps(parts, sort_keys=True)
