"""Requests as rows of blocks, in the order in which providers read and cache them.

Each block is hashed and counted once; what was seen before is only looked up, so that a long
conversation costs little more than its newest turn.
"""

import hashlib
import marshal
import math
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, Generic, TypeVar

from pokebench.testing.pictures import picture_of
from pokebench.testing.seal import Seal

MARKS: Final = ("cache_control", "prompt_cache_breakpoint")
"""Keys that set breakpoints; they are no part of the prefix."""
TRAILING: Final = "trailing_instructions"
"""Kind of a block that stands behind each request anew, and before nothing that comes later."""
_BLOCK_TOKENS: Final = 4
_UNCOUNTED: Final = frozenset({"type", "role", "id", "signature", "encrypted_content", *MARKS})
_TEXT_KEYS: Final = ("text", "content", "output")
_DIGEST_BYTES: Final = 16
_MARSHAL_VERSION: Final = 2
"""The newest version in which equal values have equal bytes."""
_MOST_KNOWN: Final = 5_000
T = TypeVar("T")


class Section(IntEnum):
    """Parts of a request, in the order in which they are cached."""

    TOOLS = 0
    SYSTEM = 1
    MESSAGES = 2


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a request.

    Attributes:
        section: which part of the request it is in.
        role: who said it.
        kind: its type, as the protocol calls it.
        digest: hash of role and content, breakpoints left out.
        tokens: input tokens.
        texts: words in it.
        mark: lifetime of a breakpoint set on it; "" is the default one, None is no breakpoint.
        has_picture: whether a picture is in it.
        seal: what binds it to what stands before, if anything does.
        id: its own id, if it has one.
        ends_message: whether it is the last one of its message or item.
    """

    section: Section
    role: str
    kind: str
    digest: bytes
    tokens: int
    texts: tuple[str, ...]
    mark: str | None = None
    has_picture: bool = False
    seal: Seal | None = None
    id: str = ""
    ends_message: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message or item of a request.

    Attributes:
        role: who said it.
        blocks: its parts.
        calls: ids of the tool calls in it.
        results: ids of the calls that it answers.
        is_led_by_results: whether nothing stands before its answers.
    """

    role: str
    blocks: tuple[Block, ...]
    calls: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    is_led_by_results: bool = True


class Known(Generic[T]):
    """What was made of the latest parts of requests, so that it is made once."""

    def __init__(self) -> None:
        self._made: OrderedDict[bytes, T] = OrderedDict()

    def get(self, value: Any, make: Callable[[], T]) -> T:
        """Return what was made of an equal JSON value before, or what `make` returns."""
        key = hash_of(value)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = make()
            if len(self._made) > _MOST_KNOWN:
                self._made.popitem(last=False)
        else:
            self._made.move_to_end(key)
        return made


def read_blocks(family: str, section: Section, role: str, parts: Sequence[Any]) -> list[Block]:
    """Return the parts of a message as blocks; a bare string is a text block."""
    last = len(parts) - 1
    return [_read(family, section, role, part, index == last) for index, part in enumerate(parts)]


def _read(family: str, section: Section, role: str, part: Any, is_last: bool) -> Block:
    if isinstance(part, str):
        part = {"type": "text", "text": part}
    mark = _mark(part)
    bare = _bare(part) if mark is not None else part
    seal = Seal.read(str(part.get("signature") or part.get("encrypted_content") or ""))
    return Block(
        section=section,
        role=role,
        kind=str(part.get("type", "message")),
        digest=hash_of([role, bare]),
        tokens=_BLOCK_TOKENS + seal.tokens if seal else tokens_of(family, part),
        texts=tuple(words_of(part)),
        mark=mark,
        has_picture=_pictured(part),
        seal=seal,
        id=str(part.get("id") or ""),
        ends_message=is_last,
    )


def hash_of(value: Any) -> bytes:
    """Return the hash of a JSON value; the order of keys counts, as it does for a prefix."""
    raw = marshal.dumps(value, _MARSHAL_VERSION)
    return hashlib.blake2b(raw, digest_size=_DIGEST_BYTES).digest()


def prefixes(seed: str, blocks: Iterable[Block], salt: str = "") -> list[bytes]:
    """Return the hash of everything up to and including each block.

    Args:
        seed: what the whole prefix depends on besides, such as the model.
        blocks: in order.
        salt: what only messages depend on besides.
    """
    blake2b = hashlib.blake2b
    so_far = hash_of(seed)
    result: list[bytes] = []
    is_salted = False
    for block in blocks:
        if not is_salted and block.section is Section.MESSAGES:
            so_far += hash_of(salt)
            is_salted = True
        so_far = blake2b(so_far + block.digest, digest_size=_DIGEST_BYTES).digest()
        result.append(so_far)
    return result


def text_tokens(text: str) -> int:
    """Return the tokens of words: one for four bytes."""
    return math.ceil(len(text.encode("utf-8", "surrogatepass")) / 4)


def tokens_of(family: str, part: Any) -> int:
    """Return the tokens of a part of a request."""
    if isinstance(part, str):
        return text_tokens(part)
    if isinstance(part, list):
        return sum(tokens_of(family, item) for item in part)
    if not isinstance(part, dict):
        return 1
    picture = picture_of(part)
    if picture is not None:
        return picture.tokens(family)
    values = (value for key, value in part.items() if key not in _UNCOUNTED)
    return _BLOCK_TOKENS + sum(tokens_of(family, value) for value in values)


def words_of(part: Any) -> list[str]:
    """Return all words in a part of a request of any protocol, pictures left out."""
    if isinstance(part, list):
        return [text for item in part for text in words_of(item)]
    if isinstance(part, dict):
        return [text for key in _TEXT_KEYS if key in part for text in words_of(part[key])]
    return [part] if isinstance(part, str) else []


def _pictured(part: Any) -> bool:
    if isinstance(part, list):
        return any(_pictured(item) for item in part)
    if not isinstance(part, dict):
        return False
    return picture_of(part) is not None or any(_pictured(part.get(key)) for key in _TEXT_KEYS)


def _mark(part: dict[str, Any]) -> str | None:
    """Return the lifetime that a breakpoint on a part asks for, or None."""
    for key in MARKS:
        mark = part.get(key)
        if isinstance(mark, dict):
            return str(mark.get("ttl") or "")
    nested = part.get("output")
    if isinstance(nested, list):
        marks = [_mark(item) for item in nested if isinstance(item, dict)]
        return next((mark for mark in marks if mark is not None), None)
    return None


def _bare(part: Any) -> Any:
    """Return a part without breakpoints."""
    if isinstance(part, dict):
        return {key: _bare(value) for key, value in part.items() if key not in MARKS}
    return [_bare(item) for item in part] if isinstance(part, list) else part
