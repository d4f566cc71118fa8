"""Thinking that is bound to the conversation it was thought in.

The seal of a block holds a hash of everything that stood before it, other thinking left out, and of
the thinking right before it. So it holds when a conversation only grows, or loses its oldest
thinking, and breaks when anything before it was changed. Seals are read back from requests alone:
a provider that was started anew knows them still.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pokebench.testing.blocks import TRAILING, Block, Section
from pokebench.testing.refusal import invalid
from pokebench.testing.seal import Seal

THINKING_KINDS: Final = frozenset({"thinking", "reasoning"})
_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Sealing:
    """What the seals of a request say.

    Attributes:
        broken: positions of blocks that are bound to something else.
        prefix: hash that the next block of thinking will be bound to.
        previous: hash of the newest thinking.
    """

    broken: tuple[int, ...]
    prefix: str
    previous: str

    def seal(self, tokens: int) -> Seal:
        """Return the seal of the thinking that answers the request."""
        return Seal(tokens, self.prefix, self.previous)


def check_seals(model: str, blocks: Sequence[Block]) -> Sealing:
    """Compare each seal with what stands before it.

    Args:
        model: seals of another model are broken.
        blocks: a request.
    """
    running = hashlib.blake2b(model.encode(), digest_size=_BYTES)
    broken: list[int] = []
    previous: str | None = None
    for index, block in enumerate(blocks):
        if block.kind == TRAILING:
            continue
        if block.section is not Section.MESSAGES or block.kind not in THINKING_KINDS:
            running.update(block.digest)
            continue
        seal = block.seal
        is_whole = (
            seal is not None
            and seal.prefix == running.copy().hexdigest()
            and previous in (None, seal.previous)
        )
        if not is_whole:
            broken.append(index)
        previous = seal.hash if seal else ""
    return Sealing(tuple(broken), running.hexdigest(), previous or "")


def broken_seals(
    family: str, body: dict[str, Any], blocks: Sequence[Block], sealing: Sealing
) -> dict[str, Any]:
    """Return the field of the reply that lists thinking which is withheld from the model.

    Raises:
        RefusedError: Anthropic refuses the request instead, unless it asks for blocks to be
            dropped.
    """
    if family == "openai":
        return {
            "input_transformations": [
                {
                    "id": blocks[index].id,
                    "action": "removed",
                    "reason": "prefix_mismatch",
                    "type": "reasoning",
                }
                for index in sealing.broken
            ]
        }
    paths = [_path(blocks, index) for index in sealing.broken]
    asked = (body.get("thinking") or {}).get("block_binding") or {}
    if asked.get("prefix_mismatch_behavior") != "drop_block":
        raise invalid(
            f"{paths[0]}: Invalid `signature` in `thinking` block. The block is bound to a "
            "different conversation."
        )
    reason = {"type": "thinking_dropped", "reason": "prefix_binding_mismatch"}
    return {"input_transformations": [reason | {"path": path} for path in paths]}


def _path(blocks: Sequence[Block], index: int) -> str:
    """Return where a block stands in its request."""
    messages = [i for i, block in enumerate(blocks) if block.section is Section.MESSAGES]
    ends = [i for i in range(messages[0], index) if blocks[i].ends_message]
    first = ends[-1] + 1 if ends else messages[0]
    return f"messages.{len(ends)}.content.{index - first}"
