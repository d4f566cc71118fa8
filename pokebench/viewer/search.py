"""Finds words in what was thought, said and done in a run."""

import re
from collections.abc import Iterator
from typing import Final

from pokebench.types import JsonObject
from pokebench.viewer.parts import part_of
from pokebench.viewer.story import Story

MOST_HITS: Final = 500
MOST_WORDS: Final = 200
"""Characters that may be searched for."""
_AROUND: Final = 60
_WORD: Final = re.compile("[a-z]+")
"""What a line must hold as it stands; numbers may be written in several ways."""


def search(story: Story, words: str) -> JsonObject:
    """Return where `words` occur, whatever their case: at most one hit in each text."""
    wanted = words.strip().lower()[:MOST_WORDS]
    hits: list[JsonObject] = []
    if wanted:
        for hit in _hits(story, wanted):
            if len(hits) == MOST_HITS:
                return {"hits": hits, "more": True}
            hits.append(hit)
    return {"hits": hits, "more": False}


def _hits(story: Story, wanted: str) -> Iterator[JsonObject]:
    said = ""
    words = [word.encode() for word in _WORD.findall(wanted)]
    for turn, line in story.lines():
        if not all(line.might_say(word) for word in words):
            said = "" if said and line.kind == "result" else said
            continue
        part = part_of(line.event)
        if part is None:
            continue
        for kind, text in searchable(part, said):
            at = text.lower().find(wanted)
            if at >= 0:
                end = at + len(wanted)
                yield {
                    "turn": turn,
                    "frame": story.frame_of(turn),
                    "kind": kind,
                    "before": _from_word(text[max(at - _AROUND, 0) : at]),
                    "match": text[at:end],
                    "after": text[end : end + _AROUND],
                }
        said = part["text"] if part["kind"] == "call" else said


def searchable(part: JsonObject, said: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of a part, each with what it is.

    Args:
        part: the part.
        said: what the latest answer of a model said, which its steps say again.
    """
    if part["kind"] == "act" and part.get("text") == said:
        return
    for name in ("thinking", "text", "detail", "handover"):
        if part.get(name):
            yield ("notes" if part["kind"] == "notes" else name), part[name]
    for tool in part.get("tools", ()):
        yield "arguments", tool["arguments"]


def _from_word(text: str) -> str:
    """Return the end of a text from the first whole word on."""
    return text.split(" ", 1)[1] if len(text) == _AROUND and " " in text else text
