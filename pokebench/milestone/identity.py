"""What a file is, in one sentence: a ROM that a table accepts, or why it is none.

Only a SHA-1 lets a ROM be played. Everything else here explains: releases that are known but not
accepted (`milestones/shared/known_roms.csv`), and what header and size tell of the rest.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pokebench.content import content_dir, read_bytes
from pokebench.milestone.table import GameTable
from pokebench.milestone.tables import game_ids, load_table
from pokebench.rom import MAX_ROM_BYTES, Header, Rom, header_of, rom_fault

_FAMILIES: Final = {
    "POKEMON RED": "pokemon_red",
    "POKEMON BLUE": "pokemon_blue",
    "POKEMON GREEN": "pokemon_green",
    "POKEMON YELLOW": "pokemon_yellow",
    "POKEMON_GLD": "pokemon_gold",
    "POKEMON_SLV": "pokemon_silver",
    "PM_CRYSTAL": "pokemon_crystal",
}
"""Games by how the title in their header begins; other languages and hacks have the same."""
_LANGUAGES: Final = {
    "J": "Japanese", "D": "German", "F": "French", "I": "Italian", "S": "Spanish", "K": "Korean",
}  # fmt: skip
"""Last letter of a color cartridge's game code; E, the English one, says nothing new."""
_MAGIC: Final = (
    (b"NES\x1a", "a NES ROM"),
    (b"PATCH", "an IPS patch, which holds only what a hack changes"),
    (b"UPS1", "a UPS patch, which holds only what a hack changes"),
    (b"BPS1", "a BPS patch, which holds only what a hack changes"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"%PDF", "a PDF document"),
    (b"<!DOCTYPE", "a web page, perhaps a download that failed"),
    (b"<html", "a web page, perhaps a download that failed"),
)
_SAVE_BYTES: Final = (8192, 32768, 32768 + 44, 32768 + 48, 131072)
"""Sizes of battery saves, some with a clock's bytes behind them."""
_COPIER_BYTES: Final = 512
_GBA_FIXED: Final = 0xB2
_GBA_BYTE: Final = 0x96
"""Every Game Boy Advance cartridge has this byte there."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file is.

    Attributes:
        sha1: of its bytes.
        game: the game that it plays, or None if no table accepts it.
        sentence: what it is, for people; of what is not accepted, also why.
    """

    sha1: str
    game: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class _Release:
    game: str
    name: str
    kind: str
    revision: str

    def __str__(self) -> str:
        return f"{self.name} {self.revision}".strip()


def identify(data: bytes) -> Identity:
    """Return what the bytes of a file are.

    Raises:
        ConfigError: the tables of games cannot be read.
    """
    tables = [load_table(game_id) for game_id in game_ids()]
    sha1 = Rom.of(data).sha1
    accepted = _accepted(tables)
    if sha1 in accepted:
        table, name = accepted[sha1]
        return Identity(sha1, table.game.id, name)
    return Identity(sha1, None, _explanation(data, sha1, accepted))


def _accepted(tables: list[GameTable]) -> dict[str, tuple[GameTable, str]]:
    """Return every ROM that a table accepts, with its full name."""
    return {
        dump.sha1: (table, f"{table.game.title} ({dump.region}) {dump.revision}".strip())
        for table in tables
        for dump in table.rom
    }


def _known() -> dict[str, _Release]:
    """Return releases that are known and not accepted, by SHA-1."""
    path = content_dir("milestones") / "shared" / "known_roms.csv"
    text = read_bytes(path, "list of known ROMs").decode()
    return {
        row["sha1"]: _Release(row["game"], row["name"], row["kind"], row["revision"])
        for row in csv.DictReader(io.StringIO(text))
    }


def _explanation(data: bytes, sha1: str, accepted: dict[str, tuple[GameTable, str]]) -> str:
    release = _known().get(sha1)
    if release is not None:
        return _of_release(release, accepted)
    for what, part in _parts(data):
        part_sha1 = Rom.of(part).sha1
        if part_sha1 in accepted:
            return f"It is {accepted[part_sha1][1]} {what}."
    header = header_of(data)
    if header is None or not header.is_intact:
        return _of_no_rom(data, header)
    family = _family(header)
    name = _title_of(family, accepted) if family else f"a Game Boy game titled {header.title!r}"
    fault = rom_fault(data)
    if fault:
        return f"It is a bad dump of {name}: {fault}; dump the cartridge again."
    if family is None:
        return (
            f"It is {name}, for which there is no table; milestones/README.md says how to write "
            "one."
        )
    return _of_variant(header, name)


def _of_release(release: _Release, accepted: dict[str, tuple[GameTable, str]]) -> str:
    like = _title_of(release.game, accepted)
    if release.kind == "debug":
        return (
            f"It is {release} of {like}, which never was sold: its memory is laid out differently."
        )
    if release.kind == "bootleg":
        return f"It is {release}, a pirated and changed copy of {like}."
    return (
        f"It is {release}, the {release.kind} release of {like}: each language keeps its memory in "
        "other places, and only the English games have tables."
    )


def _parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the ROMs that a bad dump may hold, with what is wrong with the whole."""
    header = header_of(data)
    size = header.rom_bytes if header else None
    if size is not None and len(data) > size:
        extra = len(data) - size
        yield f"with {extra} bytes too many behind it (an overdump): dump it again", data[:size]
    copier = f"with a copier's header of {_COPIER_BYTES} bytes in front"
    yield f"{copier}: remove that, or dump it again", data[_COPIER_BYTES:]


def _of_no_rom(data: bytes, header: Header | None) -> str:
    """Explain what has no header, or one whose checksum is wrong."""
    if not data:
        return "It is an empty file, not a Game Boy ROM."
    for magic, what in _MAGIC:
        if data[: len(magic)].lower() == magic.lower():
            return f"It is {what}, not a Game Boy ROM."
    if len(data) > _GBA_FIXED and data[_GBA_FIXED] == _GBA_BYTE:
        return "It is a Game Boy Advance ROM, and this is for Game Boy and Game Boy Color."
    if header is not None and _family(header) is not None:
        return (
            f"It is a damaged ROM: the title says {header.title!r}, but the header's own checksum "
            "is wrong; dump the cartridge again."
        )
    if len(data) > MAX_ROM_BYTES:
        return f"It is not a Game Boy ROM: none has more than {MAX_ROM_BYTES} bytes."
    if len(data) in _SAVE_BYTES:
        return f"It is not a Game Boy ROM; {len(data)} bytes are the size of a battery save."
    return f"It is not a Game Boy ROM, or a badly damaged one: {len(data)} bytes without a header."


def _of_variant(header: Header, name: str) -> str:
    """Explain a whole ROM with a known title that is no known release."""
    language = _LANGUAGES.get(header.code[-1:], "")
    if header.destination == 0 and not language:
        language = "Japanese"
    if language:
        return (
            f"It looks like a {language} version or a hack of {name}, by its header; only the "
            "English releases have tables."
        )
    if not header.is_whole:
        return (
            f"It looks like a hack, a translation or a bad dump of {name}: it has the title "
            f"{header.title!r}, but does not fit its own checksum and is no release that is known."
        )
    return (
        f"It looks like a hack or another language of {name}: the title is {header.title!r}, but "
        "it is no release that is known."
    )


def _family(header: Header) -> str | None:
    return next((game for title, game in _FAMILIES.items() if header.title.startswith(title)), None)


def _title_of(game: str, accepted: dict[str, tuple[GameTable, str]]) -> str:
    titles = {table.game.id: table.game.title for table, _ in accepted.values()}
    return titles.get(game, "Pokémon " + game.removeprefix("pokemon_").capitalize())
