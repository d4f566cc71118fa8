"""Lays text out for the game's box: lines of 18 columns, pages of 4 lines, ASCII only."""

import re
from typing import Final

from pokebench.tallgrass.format import MAX_TEXT_BYTES, TEXT_COLUMNS, TEXT_LINES

GLUE: Final = "_"
"""Stands for a space where no line may break."""
_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) +")


def lines_of(text: str) -> list[str]:
    r"""Return `text` in lines of at most 18 columns, broken between words; `\n` always breaks.

    Raises:
        ValueError: a word is longer than a line.
    """
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            if len(word) > TEXT_COLUMNS:
                raise ValueError(
                    f"{word!r} is longer than {TEXT_COLUMNS} columns; use another word"
                )
            joined = f"{line} {word}" if line else word
            if len(joined) > TEXT_COLUMNS:
                lines.append(line)
                joined = word
            line = joined
        lines.append(line)
    return lines


def lay_out(text: str) -> str:
    r"""Return `text` as the engine shows it: `\n` between lines, `\f` between pages.

    A sentence that does not fit the rest of a page begins a new one, so that few are torn apart.
    A `\f` in `text` begins a page too.

    Raises:
        ValueError: a word is too long, a character is not printable ASCII, or all is too long.
    """
    pages: list[str] = []
    for part in text.split("\f"):
        pages += _pages_of(part)
    laid_out = "\f".join(pages).replace(GLUE, " ")
    if not all(character in "\n\f" or " " <= character <= "~" for character in laid_out):
        raise ValueError(f"only printable ASCII can be shown: {text!r}")
    if len(laid_out) >= MAX_TEXT_BYTES:
        raise ValueError(
            f"{len(laid_out)} bytes of text, at most {MAX_TEXT_BYTES - 1} fit: {text!r}"
        )
    return laid_out


def _pages_of(part: str) -> list[str]:
    """Return the pages of a text without forced page breaks."""
    pages: list[str] = []
    page = ""
    for sentence in _SENTENCE_END.split(part):
        lines = lines_of(f"{page} {sentence}" if page else sentence)
        is_short = len(lines_of(sentence)) <= TEXT_LINES
        if page and len(lines) > TEXT_LINES and is_short:
            pages.append(page)
            lines = lines_of(sentence)
        while len(lines) > TEXT_LINES:
            pages.append("\n".join(lines[:TEXT_LINES]))
            lines = lines[TEXT_LINES:]
        page = "\n".join(lines)
    return [*pages, page]
