"""The sheets compile to what ships, and portraits are whole, repeatable and of their stage."""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pokebench.tallgrass.art import Art, load_art, portrait
from pokebench.tallgrass.portraits import portrait as portraits
from pokebench.tallgrass.portraits.crowns import CROWNS
from pokebench.tallgrass.portraits.faces import EYES, MOUTHS
from pokebench.tallgrass.portraits.family import Drawing, Family
from pokebench.tallgrass.portraits.sketch import DARK, LIGHT, SIZE, WHITE, Sketch
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.tiles import ATTRIBUTES, Person, Tile
from tallgrass import draw

GOLDEN_PORTRAITS = "5372b9ae94ca28a75d1c6a8fb4f2b4c7561073f407132bd53ae3f6d050af62f0"
"""SHA-256 of three stages of the first hundred families; a change of it changes every world."""
BLANK_TILE = bytes(16)


@pytest.fixture(scope="module")
def art() -> Art:
    return load_art()


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    """A copy of the sheets that a test may damage."""
    return Path(shutil.copytree(draw.ART_FOLDER, tmp_path / "art"))


def tiles(data: bytes) -> list[bytes]:
    return [data[i : i + 16] for i in range(0, len(data), 16)]


def shades(data: bytes) -> list[int]:
    """Return the 40 x 40 shades of a portrait."""
    pixels = [0] * (SIZE * SIZE)
    for index, tile in enumerate(tiles(data)):
        for y in range(8):
            for x in range(8):
                low, high = (tile[2 * y + plane] >> (7 - x) & 1 for plane in (0, 1))
                pixels[(index // 5 * 8 + y) * SIZE + index % 5 * 8 + x] = low | high << 1
    return pixels


def extent(data: bytes) -> tuple[int, int]:
    """Return the width and height of what is not white."""
    marked = [index for index, shade in enumerate(shades(data)) if shade]
    columns, rows = [index % SIZE for index in marked], [index // SIZE for index in marked]
    return max(columns) - min(columns) + 1, max(rows) - min(rows) + 1


def test_shipped_art_is_what_the_sheets_compile_to() -> None:
    assert draw.OUTPUT.read_bytes() == draw.compile_art()


def test_check_passes_for_the_shipped_art() -> None:
    command = [sys.executable, str(Path(draw.__file__)), "--check"]

    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout) == (0, "art.bin is up to date\n")


@pytest.mark.parametrize(
    ("sheet", "old", "new", "message"),
    [
        ("font.txt", "|  ##    |", "|  #x    |", "font.txt:4: 'x' is no shade"),
        ("font.txt", "|  ##    |", "|  ##   |", "font.txt:4: 8 pictures of 8 pixels"),
        ("font.txt", "= space !", "= spade !", "font.txt:3: nothing uses a picture named 'spade'"),
        ("interface.txt", "= top_left edge", "= edge edge", "'edge' is drawn twice"),
        ("metatiles.txt", "= lawn path", "= lawn pfad", "nothing uses a picture named 'pfad'"),
        ("metatiles.txt", "= lawn path", "lawn path", "metatiles.txt:3: a line begins with"),
        ("people.txt", "= chest", "= crate", "'chest.down' is not drawn"),
        ("title.txt", "= title", "= cover", "'title' is not drawn"),
    ],
)
def test_a_fault_in_a_sheet_is_reported_with_its_place(
    sheets: Path, sheet: str, old: str, new: str, message: str
) -> None:
    text = (sheets / sheet).read_text()
    (sheets / sheet).write_text(text.replace(old, new, 1))

    with pytest.raises(draw.ArtError, match=message):
        draw.compile_art(sheets)


def test_more_tiles_than_fit_are_refused() -> None:
    pool = draw.TilePool("sheet")
    for number in range(draw.SET_TILES):
        pool.add(bytes([number]) * 16, "here")

    with pytest.raises(draw.ArtError, match="more than 128 different tiles"):
        pool.add(b"\xff" * 16, "here")


def test_every_printable_character_has_its_own_glyph(art: Art) -> None:
    glyphs = tiles(art.ui)[32:127]

    assert glyphs[0] == BLANK_TILE
    assert len(set(glyphs)) == len(glyphs)


def test_health_bar_fills_pixel_by_pixel(art: Art) -> None:
    filled = [sum(byte.bit_count() for byte in tile[1::2]) for tile in tiles(art.ui)[16:25]]

    assert [more - less for less, more in pairwise(filled)] == [4] * 8


def test_every_metatile_looks_different_and_has_its_attribute(art: Art) -> None:
    ids, pixels = art.tileset[64:320], tiles(art.tileset[320:])
    looks = {tuple(pixels[i - 0x80] for i in ids[4 * tile : 4 * tile + 4]) for tile in Tile}

    assert len(looks) == len(Tile)
    assert {tile: art.tileset[tile] for tile in Tile} == ATTRIBUTES


def test_every_person_is_drawn_from_every_side(art: Art) -> None:
    sprites = tiles(art.sprites)
    figures = [tuple(sprites[i : i + 4]) for i in range(0, 4 * 3 * (2 + len(Person)), 4)]

    assert all(any(tile != BLANK_TILE for tile in figure) for figure in figures)
    assert len(set(figures)) == len(figures) - 2  # the chest has one side


def test_title_leaves_room_for_the_text(art: Art) -> None:
    ids = art.title[2048:]
    rows = [ids[20 * row : 20 * row + 20] for row in range(18)]

    assert all(row == b" " * 20 for row in rows[9:15])
    assert rows[16][3:17] == b" " * 14


@pytest.mark.parametrize("stage", [0, 1, 2])
@given(seed=st.integers(0, 2**64 - 1))
def test_a_portrait_fits_its_stage_and_stands_on_the_lower_edge(stage: int, seed: int) -> None:
    picture = portrait(Pcg32(seed), stage)

    width, height = extent(picture)
    assert len(picture) == 400
    assert width <= portraits.BOXES[stage][0] + 2
    assert height <= portraits.BOXES[stage][1] + 2
    assert any(shades(picture)[-SIZE:])


def test_creatures_grow_with_their_stage() -> None:
    for seed in range(60):
        areas = []
        for stage in range(3):
            width, height = extent(portrait(Pcg32(seed), stage))
            areas.append(width * height)

        assert areas == sorted(areas), f"family {seed}"


def test_families_differ() -> None:
    grown = {portrait(Pcg32(seed), 2) for seed in range(200)}

    assert len(grown) == 200


def test_an_unknown_stage_is_refused() -> None:
    with pytest.raises(ValueError, match="stage must be 0 to 2, not 3"):
        portrait(Pcg32(1), 3)


@pytest.mark.parametrize("plan", portraits.PLANS)
def test_every_body_bears_every_head(plan: str) -> None:
    traits = portraits.PLANS[plan]
    for crown in CROWNS:
        for mouth in (*MOUTHS, "beak", "snout"):
            family = Family(
                plan, LIGHT, DARK, WHITE, "round", mouth, crown, "none", "none", "none", 100, 100
            )
            sketch = Sketch()
            traits.draw(Drawing(sketch, family, 1))

            assert any(sketch.render(35, 35))


def test_plans_name_only_parts_that_exist() -> None:
    mouths = {*MOUTHS, "beak", "snout"}

    assert set(portraits.PLAN_DECK) == set(portraits.PLANS)
    assert all(set(plan.crowns) <= set(CROWNS) for plan in portraits.PLANS.values())
    assert all(set(plan.mouths) <= mouths for plan in portraits.PLANS.values())
    assert all(len(stamps) == 3 for stamps in (*EYES.values(), *MOUTHS.values()))


def test_stamps_are_rectangles() -> None:
    for stamps in (*EYES.values(), *MOUTHS.values()):
        for rows in stamps:
            assert len({len(row) for row in rows}) == 1


def portraits_digest() -> str:
    digest = hashlib.sha256()
    for seed in range(100):
        for stage in range(3):
            digest.update(portrait(Pcg32(seed), stage))
    return digest.hexdigest()


def test_portraits_are_the_frozen_ones() -> None:
    assert portraits_digest() == GOLDEN_PORTRAITS


@pytest.mark.parametrize("hash_seed", ["0", "12345"])
def test_portraits_do_not_depend_on_the_hash_seed(hash_seed: str) -> None:
    code = (
        "import sys; from pokebench.tallgrass.art import portrait; "
        "from pokebench.tallgrass.rng import Pcg32; "
        "sys.stdout.buffer.write(b''.join(portrait(Pcg32(s), 2) for s in range(30)))"
    )
    root = Path(draw.__file__).resolve().parent.parent
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment
    )

    assert result.stdout == b"".join(portrait(Pcg32(seed), 2) for seed in range(30))


def test_portraits_use_integers_only() -> None:
    folder = Path(portraits.__file__).parent
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not isinstance(node, ast.Div), path.name
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path.name
