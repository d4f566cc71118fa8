"""From `tallgrass:short@7` to a cartridge: table, ROM and, for a generated game, its world."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pokebench.errors import ConfigError, RomError
from pokebench.milestone.assemble import WHAT
from pokebench.milestone.identity import identify
from pokebench.milestone.table import GameTable, Milestone
from pokebench.milestone.tables import load_hashed_table, load_table
from pokebench.rom import Library, Rom, rom_in

if TYPE_CHECKING:
    from pokebench.tallgrass.build import BuiltWorld

_SPEC = re.compile(r"(?P<game>[a-z][a-z0-9_]*)(?::(?P<preset>[a-z]+))?(?:@(?P<seed>[0-9]{1,9}))?")
_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LENGTH_BYTES = 4
DEFAULT_PRESET = "short"
DEFAULT_SEED = 1
"""The canonical world, which everybody shares."""


@dataclass(frozen=True, slots=True)
class GameSpec:
    """What a person asks for: a game, and for a generated one its preset and world seed.

    Attributes:
        game: the table's id.
        preset: size of a generated world, else None.
        seed: seed of a generated world, else None.
        folder: where the table lies, if a person named its file; never from a record.
    """

    game: str
    preset: str | None = None
    seed: int | None = None
    folder: Path | None = field(default=None, compare=False)

    @classmethod
    def asked(cls, text: str) -> "GameSpec":
        """Read what a person asks for: as `parse`, or the path of a table, `FOLDER/GAME.toml`.

        Raises:
            ConfigError: `text` has another form, or names no game, preset or table there is.
        """
        return cls.of_table(Path(text)) if text.endswith(".toml") else cls.parse(text)

    @classmethod
    def of_table(cls, path: Path) -> "GameSpec":
        """Return the game whose table is the file `path`.

        Raises:
            ConfigError: it is no game table, or that of a generated game.
        """
        if _ID.fullmatch(path.stem) is None:
            raise ConfigError(f"{WHAT} {path}: name the file like my_game.toml, after its game.id")
        if load_hashed_table(path.stem, path.parent)[0].game.generated:
            raise ConfigError(f"{WHAT} {path}: game.generated is for Tallgrass; leave it out")
        return cls(path.stem, folder=path.parent)

    @classmethod
    def parse(cls, text: str) -> "GameSpec":
        """Read `GAME`, `GAME:PRESET` or `GAME:PRESET@SEED`.

        Raises:
            ConfigError: `text` has another form, or names no game there is.
        """
        match = _SPEC.fullmatch(text)
        if match is None:
            raise ConfigError(f"game {text!r}: write it like tallgrass:short@7")
        table = load_table(match["game"])
        if not table.game.generated:
            if match["preset"] or match["seed"]:
                raise ConfigError(f"game {text!r}: {match['game']} has no presets or seeds")
            return cls(match["game"])
        preset = match["preset"] or DEFAULT_PRESET
        return cls(match["game"], preset, int(match["seed"] or DEFAULT_SEED))

    def __str__(self) -> str:
        return f"{self.game}:{self.preset}@{self.seed}" if self.preset else self.game


@dataclass(frozen=True, slots=True)
class Generated:
    """What generating a game gave, without its world.

    Attributes:
        rom: the ROM.
        titles: a title for each milestone that the world has.
    """

    rom: bytes
    titles: Mapping[str, str]

    def to_bytes(self) -> bytes:
        """Return it for `of_bytes`."""
        titles = json.dumps(dict(self.titles)).encode()
        return len(titles).to_bytes(_LENGTH_BYTES, "little") + titles + self.rom

    @classmethod
    def of_bytes(cls, raw: bytes) -> "Generated":
        """Return what `to_bytes` gave.

        Raises:
            ValueError: it has another form.
        """
        end = _LENGTH_BYTES + int.from_bytes(raw[:_LENGTH_BYTES], "little")
        return cls(raw[end:], json.loads(raw[_LENGTH_BYTES:end]))


@dataclass(frozen=True, slots=True)
class Cartridge:
    """A game ready to be played.

    Attributes:
        spec: what was asked for.
        table: the game's table.
        table_sha256: hash of the table's files, so that a score names the rules it was made by.
        rom: the cartridge.
        milestones: those that this game or world has, in the table's order.
        titles: a title for each, with the world's names where it has some.
        world: the generated world; None if it is not known, or there is none.
    """

    spec: GameSpec
    table: GameTable
    table_sha256: str
    rom: Rom
    milestones: tuple[Milestone, ...]
    titles: Mapping[str, str]
    world: "BuiltWorld | None" = None

    def manual(self) -> str | None:
        """Return what the manual in the box would say, for those who play with an open book.

        It is written from the ROM at each call. A game that is not generated has none here.
        """
        from pokebench.tallgrass.manual import manual_text

        return manual_text(self.rom.data) if self.world is not None else None

    def generated(self) -> Generated | None:
        """Return what `open_game` can make the same cartridge of; None if it has no world."""
        return Generated(self.rom.data, self.titles) if self.world is not None else None


def open_game(
    spec: GameSpec, rom_path: Path | None = None, generated: Generated | None = None
) -> Cartridge:
    """Return the cartridge for `spec`.

    A game that is not generated needs a ROM: the one at `rom_path`, or else the first that lies
    where a person's ROMs are looked for (`pokebench.rom.Library`).

    Args:
        spec: the game.
        rom_path: the person's ROM, for games that are not generated.
        generated: what generating the same game gave before; it is not generated again, so its
            world is not known.

    Raises:
        ConfigError: the table or world is wrong.
        RomError: the ROM is missing, damaged, or not one that the table lists.
    """
    table, digest = load_hashed_table(spec.game, spec.folder)
    if spec.preset is not None and spec.seed is not None:
        if rom_path is not None:
            raise RomError(f"{spec} is generated and takes no --rom")
        world = None
        if generated is None:
            world = _world(spec.preset, spec.seed)
            generated = Generated(world.rom, {m.id: m.title for m in world.world.milestones})
        rom, titles = Rom.of(generated.rom), generated.titles
        present = tuple(m for m in table.milestones if m.id in titles)
        return Cartridge(spec, table, digest, rom, present, titles, world)
    rom = _listed_rom(table, rom_path)
    titles = {milestone.id: milestone.title for milestone in table.milestones}
    return Cartridge(spec, table, digest, rom, table.milestones, titles)


@lru_cache(maxsize=4)
def _world(preset: str, seed: int) -> "BuiltWorld":
    from pokebench.tallgrass.build import build_world, preset_names

    if preset not in preset_names():
        raise ConfigError(f"no world {preset!r}: presets are {', '.join(preset_names())}")
    return build_world(preset, seed)


def _listed_rom(table: GameTable, rom_path: Path | None) -> Rom:
    """Return the ROM at `rom_path`, or else the first that lies where ROMs are looked for.

    Raises:
        RomError: there is none, or it is not one that the table lists.
    """
    accepted = {dump.sha1 for dump in table.rom}
    path = rom_path or Library.of(os.environ, Path.cwd()).find(accepted)
    game = table.game.id
    if path is None:
        raise RomError(
            f"{game} needs your own ROM: `pokebench rom add PATH` remembers where it lies, --rom "
            "PATH names it once; roms_README.md says which one"
        )
    data = rom_in(path)
    identity = identify(data)
    if identity.sha1 in accepted:
        return Rom(data, identity.sha1)
    what = f"It is {identity.sentence}, which is played as --game {identity.game}."
    raise RomError(
        f"ROM {path} is not {table.game.title}. {what if identity.game else identity.sentence} "
        f"(SHA-1 {identity.sha1}; roms_README.md lists those accepted)"
    )
