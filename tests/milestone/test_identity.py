"""A wrong ROM is explained in one sentence that names what it is."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from pokebench.content import content_dir
from pokebench.milestone import game_ids, identify, load_table
from pokebench.milestone.identity import _explanation, _known
from pokebench.rom import Rom
from pokebench.testing.cartridge import image_rom, with_header

RED = image_rom(title="POKEMON RED")


def changed(data: bytes, **places: bytes) -> bytes:
    """Return `data` with bytes at hexadecimal addresses changed, and checksums put right."""
    new = bytearray(data)
    for name, value in places.items():
        address = int(name[1:], 16)
        new[address : address + len(value)] = value
    return with_header(bytes(new))


def broken(data: bytes) -> bytes:
    return data[:0x4000] + b"\xff" + data[0x4001:]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "an empty file"),
        (b"short", "not a Game Boy ROM, or a badly damaged one: 5 bytes"),
        (bytes(0x8000), "the size of a battery save"),
        (bytes(70_000), "not a Game Boy ROM"),
        (bytes(9_000_000), "none has more than 8388608 bytes"),
        (b"NES\x1a" + bytes(0x8000), "a NES ROM"),
        (b"PATCH" + bytes(900), "an IPS patch"),
        (b"<!doctype html>" + bytes(900), "a web page"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(900), "a 7z archive"),
        (bytes(0xB2) + b"\x96" + bytes(0x8000), "a Game Boy Advance ROM"),
        (image_rom(title="TETRIS"), "a Game Boy game titled 'TETRIS', for which there is no table"),
        (image_rom(title="TETRIS")[:0x4000], "a bad dump of a Game Boy game titled 'TETRIS'"),
        (RED[:0x4000], "a bad dump of Pokémon Red: truncated: 16384 bytes"),
        (RED + bytes(9), "a bad dump of Pokémon Red: too long"),
        (RED[:0x140] + b"X" + RED[0x141:], "a damaged ROM: the title says 'POKEMON RED'"),
        (RED, "looks like a hack or another language of Pokémon Red"),
        (broken(RED), "a hack, a translation or a bad dump of Pokémon Red"),
        (changed(RED, x14A=b"\0"), "a Japanese version or a hack of Pokémon Red"),
        (image_rom(title="POKEMON GREEN"), "another language of Pokémon Green"),
        (
            image_rom(title="POKEMON_GLDAAXD", color=True),
            "a German version or a hack of Pokémon Gold",
        ),
        (
            changed(image_rom(title="PM_CRYSTAL", color=True), x13F=b"BYTF"),
            "a French version or a hack of Pokémon Crystal",
        ),
        (image_rom(title="POKEMON_SLVAAXE", color=True), "another language of Pokémon Silver"),
    ],
)
def test_a_wrong_file_is_explained_in_one_sentence(data: bytes, sentence: str) -> None:
    identity = identify(data)

    assert identity.game is None
    assert sentence in identity.sentence
    assert identity.sentence.startswith("It ")
    assert identity.sentence.count(". ") == 0


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda data: data + bytes(64), "It is Homebrew (World) 1.0 with 64 bytes too many"),
        (lambda data: bytes(512) + data, "with a copier's header of 512 bytes in front"),
    ],
)
def test_a_bad_dump_of_an_accepted_rom_is_named(
    damage: Callable[[bytes], bytes], sentence: str
) -> None:
    table = load_table("pokemon_red")
    game = table.game.model_copy(update={"title": "Homebrew"})
    accepted = {Rom.of(RED).sha1: (table.model_copy(update={"game": game}), "Homebrew (World) 1.0")}
    data = damage(RED)

    assert sentence in _explanation(data, Rom.of(data).sha1, accepted)


def test_known_releases_are_named_by_language() -> None:
    accepted = {d.sha1: (t, "") for t in map(load_table, game_ids()) for d in t.rom}
    sentences = {
        f"{release.game} {release.kind}": _explanation(b"", sha1, accepted)
        for sha1, release in _known().items()
    }

    assert "Rote Edition 1.0, the German release of Pokémon Red:" in sentences["pokemon_red German"]
    assert "the Korean release of Pokémon Gold" in sentences["pokemon_gold Korean"]
    assert "never was sold" in sentences["pokemon_blue debug"]
    assert "pirated" in sentences["pokemon_yellow bootleg"]


def test_no_rom_is_both_accepted_and_refused() -> None:
    path: Path = content_dir("milestones") / "shared" / "known_roms.csv"
    with path.open() as file:
        known = [row["sha1"] for row in csv.DictReader(file)]
    accepted = [dump.sha1 for game_id in game_ids() for dump in load_table(game_id).rom]

    assert len(known) == len(set(known)) == 45
    assert len(accepted) == len(set(accepted)) == 8
    assert not set(known) & set(accepted)
    assert all(len(sha1) == 40 and sha1 == sha1.lower() for sha1 in known)
