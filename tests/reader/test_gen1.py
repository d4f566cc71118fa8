"""Red, Blue and Yellow read from RAM and ROM that the tests write."""

import struct
from collections.abc import Callable
from functools import cache

import pytest

from pokebench.reader import Scene, TextReader, text_reader
from pokebench.reader.facts import places
from tests.reader.image import RamImage, RomImage

LAYOUTS = {"red": "red", "blue": "red", "yellow": "yellow"}
FREE, GRASS, TREE, WATER, LEDGE = 0x00, 0x52, 0x0F, 0x14, 0x37
PLAYER_ROW = 4


def rom_of(game: str) -> RomImage:
    """Return a ROM with made-up names where the game has its own."""
    tables = places(LAYOUTS[game]).rom[game]
    rom = RomImage(tables, 1)
    rom.fixed("MonsterNames", [f"BEAST{i}" for i in range(1, 191)], 10)
    rom.in_a_row("MoveNames", [f"TRICK{i}" for i in range(1, 166)])
    rom.in_a_row("ItemNames", [f"THING{i}" for i in range(1, 98)])
    bank = tables["ExternalMapEntries"].bank
    outdoor = b"".join(struct.pack("<BH", 0, 0x7000 + 16 * i) for i in range(37))
    rom.put(bank, tables["ExternalMapEntries"].address, outdoor)
    for i in range(37):
        rom.name_at(bank, 0x7000 + 16 * i, f"TOWN{i}")
    indoor = struct.pack("<BBH", 60, 0, 0x7300) + struct.pack("<BBH", 255, 0, 0x7310)
    rom.put(bank, tables["InternalMapEntries"].address, indoor)
    rom.name_at(bank, 0x7300, "INNER VALE").name_at(bank, 0x7310, "DEEP CAVE")
    return rom


@cache
def reader_for(game: str) -> TextReader:
    """Return a reader with those names; it keeps nothing between reads."""
    return text_reader(game, bytes(rom_of(game).data))


class Game:
    """A game at some moment, and its reader."""

    def __init__(self, game: str) -> None:
        self.reader = reader_for(game)
        self.ram = RamImage(places(LAYOUTS[game]).ram, 1)
        self.walking()

    def walking(self) -> "Game":
        """Stand in the middle of an open field of map 12, free to go."""
        self.ram.tiles("wTileMap", FREE).put("wStatusFlags6", 1).put("wCurMap", 12)
        self.ram.put("wXCoord", 10).put("wYCoord", 7)
        self.ram.put("wCurMapWidth", 10).put("wCurMapHeight", 18)
        self.ram.put("wSpritePlayerStateData1FacingDirection", 8)
        return self

    def cell(self, column: int, row: int, tile: int) -> None:
        """Put the tile that decides about a cell of the screen."""
        self.ram.tile("wTileMap", 2 * column, 2 * row + 1, tile)

    def dialogue(self, first: str, second: str = "", *, waits: bool = True) -> "Game":
        self.ram.put("wFontLoaded", 1).box("wTileMap", 0, 12, 19, 17)
        self.ram.write("wTileMap", 1, 14, first).write("wTileMap", 1, 16, second)
        if waits:
            self.ram.tile("wTileMap", 18, 16, 0xEE)
        return self

    def cursor(self, column: int, row: int) -> "Game":
        self.ram.tile("wTileMap", column, row, 0xED)
        at = self.ram.at["wTileMap"] + row * 20 + column
        self.ram.put("wMenuCursorLocation", at & 0xFF, at >> 8)
        return self

    def member(self, slot: int, nickname: str, record: bytes) -> "Game":
        self.ram.put_bytes("wPartyMons", record, offset=44 * slot)
        self.ram.put_bytes("wPartyMonNicks", self.ram.encoder.name(nickname), offset=11 * slot)
        return self

    def text(self) -> str:
        return self.reader.read(self.ram)

    def scene(self) -> Scene:
        return self.reader.situation(self.ram).scene

    def is_ready(self) -> bool:
        return self.reader.situation(self.ram).is_ready


def party_record(
    species: int = 25, hp: int = 20, max_hp: int = 22, level: int = 6, status: int = 0,
    moves: tuple[int, ...] = (1, 2, 0, 0), pp: tuple[int, ...] = (35, 0x40, 0, 0),
) -> bytes:  # fmt: skip
    head = struct.pack(">BHBBBBB", species, hp, 77, status, 0, 0, 45) + bytes(moves)
    middle = bytes(29 - len(head)) + bytes(pp)
    return head + middle + struct.pack(">BHHHHH", level, max_hp, 1, 2, 3, 4)


def fighter_record(
    species: int, hp: int, max_hp: int, level: int, status: int = 0,
    moves: tuple[int, ...] = (3, 0, 0, 0), pp: tuple[int, ...] = (9, 0, 0, 0),
) -> bytes:  # fmt: skip
    head = struct.pack(">BHBBBBB", species, hp, 0, status, 0, 0, 45) + bytes(moves)
    return head + bytes(2) + struct.pack(">BHHHHH", level, max_hp, 1, 2, 3, 4) + bytes(pp)


@pytest.fixture(params=list(LAYOUTS))
def game(request: pytest.FixtureRequest) -> Game:
    return Game(request.param)


@pytest.fixture
def red() -> Game:
    return Game("red")


def test_a_free_player_is_told_the_place_and_can_press(game: Game) -> None:
    assert "Place: TOWN12 (map 12), column 10, row 7, facing left." in game.text()
    assert game.scene() is Scene.WORLD
    assert game.is_ready()
    situation = game.reader.situation(game.ram)
    assert (situation.place, situation.position) == (12, (10, 7))


@pytest.mark.parametrize(
    ("label", "value", "scene", "is_ready"),
    [
        ("wIsInBattle", 255, Scene.TRANSITION, False),
        ("wIsInBattle", 1, Scene.BATTLE, False),
        ("wIsInBattle", 2, Scene.BATTLE, False),
        ("wIsInBattle", 3, Scene.WORLD, True),
        ("wStatusFlags6", 0xFE, Scene.TITLE, False),
        ("wFontLoaded", 1, Scene.MENU, False),
        ("wFontLoaded", 0xFE, Scene.WORLD, True),
        ("wWalkCounter", 8, Scene.WORLD, False),
        ("wJoyIgnore", 0xFC, Scene.WORLD, False),
        ("wStatusFlags5", 0x01, Scene.WORLD, False),
        ("wStatusFlags5", 0x20, Scene.WORLD, False),
        ("wStatusFlags5", 0x80, Scene.WORLD, False),
        ("wStatusFlags5", 0x5E, Scene.WORLD, True),
        ("wSimulatedJoypadStatesIndex", 3, Scene.WORLD, False),
        ("wNPCMovementScriptPointerTableNum", 1, Scene.WORLD, False),
    ],
)
def test_each_rule_names_what_the_game_is_doing(
    game: Game, label: str, value: int, scene: Scene, is_ready: bool
) -> None:
    game.ram.put(label, value)

    assert game.scene() is scene
    assert game.is_ready() is is_ready


def test_a_lost_battle_goes_before_everything_but_a_keyboard(red: Game) -> None:
    red.dialogue("HELLO").ram.put("wIsInBattle", 255)
    assert red.scene() is Scene.TRANSITION


def test_a_dialogue_is_told_in_its_own_words(game: Game) -> None:
    game.dialogue("HELLO THERE!", "It's a POKé day")

    assert "Dialogue:\nHELLO THERE!\nIt's a POKé day\n" in game.text()
    assert game.scene() is Scene.TEXT
    situation = game.reader.situation(game.ram)
    assert situation.has_text
    assert situation.is_ready


def test_a_dialogue_without_the_arrow_is_ready_once_it_is_still(game: Game) -> None:
    situation = game.dialogue("BYE!", waits=False).reader.situation(game.ram)
    assert not situation.is_ready
    assert situation.is_ready_when_still


def test_the_arrow_that_blinks_changes_nothing(game: Game) -> None:
    before = game.dialogue("HELLO").reader.situation(game.ram)
    game.ram.tile("wTileMap", 18, 16, 0x7F)
    assert game.reader.situation(game.ram).fingerprint == before.fingerprint

    game.ram.write("wTileMap", 1, 16, "WORLD")
    assert game.reader.situation(game.ram).fingerprint != before.fingerprint


def test_ligatures_are_spelled_out(red: Game) -> None:
    red.dialogue("")
    red.ram.put("wTileMap", 0xE1, 0xE2, 0xBD, offset=14 * 20 + 1)
    assert "Dialogue:\nPKMN's" in red.text()


def test_a_question_is_a_choice_with_the_entry_pointed_at(game: Game) -> None:
    game.dialogue("REALLY?", waits=False).ram.box("wTileMap", 14, 7, 19, 11)
    game.ram.write("wTileMap", 16, 8, "YES").write("wTileMap", 16, 10, "NO")
    game.cursor(15, 10)

    assert game.scene() is Scene.CHOICE
    assert "Cursor on: NO" in game.text()
    situation = game.reader.situation(game.ram)
    assert situation.is_ready
    assert not situation.has_text


def test_the_start_menu_is_a_menu_and_the_map_behind_it_is_no_text(game: Game) -> None:
    game.ram.put("wFontLoaded", 1).box("wTileMap", 10, 0, 19, 15)
    game.ram.write("wTileMap", 12, 2, "BAG").write("wTileMap", 12, 4, "SAVE")
    game.cursor(11, 2)

    assert game.scene() is Scene.MENU
    text = game.text()
    assert "On screen:\n          +--------+\n          |        |\n          |>BAG    |" in text
    assert "Cursor on: BAG" in text


def test_a_cursor_that_the_game_does_not_point_at_is_not_waited_at(game: Game) -> None:
    game.ram.put("wFontLoaded", 1).tile("wTileMap", 3, 3, 0xED)
    assert not game.is_ready()


@pytest.mark.parametrize("first", [0x80, 0xA0])
def test_letters_in_a_row_are_a_keyboard(game: Game, first: int) -> None:
    game.ram.put("wStatusFlags6", 0)
    for i in range(9):
        game.ram.tile("wTileMap", 2 + 2 * i, 5, first + i)
    assert game.scene() is Scene.NAMING
    assert "Money" not in game.text()


def test_before_the_game_nothing_is_told_but_the_screen(game: Game) -> None:
    game.ram.put("wStatusFlags6", 0).write("wTileMap", 2, 2, "NEW GAME")
    assert game.text() == "On screen:\n  NEW GAME"


def test_the_party_is_told_with_moves_and_status(game: Game) -> None:
    game.ram.put("wPartyCount", 3)
    game.member(0, "BEAST25", party_record())
    game.member(1, "FROG", party_record(species=190, hp=0, level=100))
    game.member(2, "NAP", party_record(species=1, status=3, moves=(165, 0, 0, 0)))

    assert (
        "Party, with points left for each move:\n"
        "1. BEAST25, level 6, 20/22 HP: TRICK1 35, TRICK2 0\n"
        '2. BEAST190 "FROG", level 100, 0/22 HP, fainted: TRICK1 35, TRICK2 0\n'
        '3. BEAST1 "NAP", level 6, 20/22 HP, asleep: TRICK165 35\n'
    ) in game.text()


@pytest.mark.parametrize(
    ("status", "word"),
    [(0, "HP:"), (1, "asleep"), (7, "asleep"), (8, "poisoned"), (16, "burned"),
     (32, "frozen"), (64, "paralysed")],
)  # fmt: skip
def test_every_status_has_its_word(red: Game, status: int, word: str) -> None:
    red.ram.put("wPartyCount", 1)
    assert word in red.member(0, "X", party_record(status=status)).text()


def test_money_is_packed_decimal(game: Game) -> None:
    game.ram.put("wPlayerMoney", 0x12, 0x34, 0x56).put("wObtainedBadges", 0b10000011)
    assert "Money: 123456. Badges: 3 of 8." in game.text()
    game.ram.put("wPlayerMoney", 0x00, 0x0A, 0x00)
    assert "Money: unreadable." in game.text()


def test_the_bag_is_told_with_amounts(game: Game) -> None:
    assert "Bag: empty." in game.text()
    game.ram.put("wNumBagItems", 4).put("wBagItems", 4, 5, 97, 1, 0xC4, 1, 0xFA, 2, 255)
    assert "Bag: THING4 x5, THING97 x1, HM01 x1, TM50 x2." in game.text()
    game.ram.put("wNumBagItems", 21)
    assert "Bag: unreadable." in game.text()


def test_a_battle_shows_a_share_of_the_opponents_bar_and_own_points(game: Game) -> None:
    game.ram.put("wIsInBattle", 2)
    game.ram.put_bytes("wEnemyMon", fighter_record(9, 13, 39, 12, status=8))
    game.ram.put_bytes("wEnemyMonNick", game.ram.encoder.name("BEAST9"))
    game.ram.put_bytes("wBattleMon", fighter_record(25, 20, 22, 6))
    game.ram.put_bytes("wBattleMonNick", game.ram.encoder.name("PIP"))
    text = game.text()

    assert (
        "Battle against a trainer.\nOpponent: BEAST9, level 12, HP bar 33% full, poisoned." in text
    )
    assert 'Fighting for you: BEAST25 "PIP", level 6, 20/22 HP: TRICK3 9.' in text
    assert "13" not in text


def test_a_fight_without_ones_own_fighter_tells_of_none(game: Game) -> None:
    game.ram.put("wIsInBattle", 1).put("wBattleType", 2)
    game.ram.put_bytes("wBattleMon", fighter_record(25, 20, 22, 6))
    assert "Fighting for you" not in game.text()


def test_what_is_no_creature_yet_is_not_told(red: Game) -> None:
    red.ram.put("wIsInBattle", 1)
    assert "Opponent" not in red.text()


def test_a_battles_menu_is_ready_and_its_messages_are_text(game: Game) -> None:
    game.ram.tiles("wTileMap", 0x7F).put("wIsInBattle", 1).box("wTileMap", 0, 12, 19, 17)
    game.ram.write("wTileMap", 1, 14, "IT ATTACKS!")
    assert game.reader.situation(game.ram).has_text

    game.ram.write("wTileMap", 10, 14, "FIGHT")
    game.cursor(9, 14)
    situation = game.reader.situation(game.ram)
    assert situation.is_ready
    assert not situation.has_text


def test_bars_and_frames_of_a_battle_are_no_text(red: Game) -> None:
    red.ram.tiles("wTileMap", 0x7F).put("wIsInBattle", 1)
    red.ram.put("wTileMap", 0x71, 0x62, 0x6B, 0x63, 0x6D, 0x73, 0x74, 0x76, offset=42)
    red.ram.write("wTileMap", 1, 0, "RATTY").put("wTileMap", 0x6E, 0xF9, offset=24)
    assert "On screen:\n RATTY\n    L3\n" in red.text()


def test_numbers_stand_in_for_names_of_a_rom_without_them() -> None:
    reader = text_reader("red", bytes(0x8000))
    game = Game("red")
    game.ram.put("wPartyCount", 1).put("wNumBagItems", 1).put("wBagItems", 4, 1)
    game.member(0, "\u00e9", party_record())
    text = reader.read(game.ram)

    assert "Place: map 12, column" in text
    assert '1. species 25 "é", level 6, 20/22 HP: move 1 35, move 2 0' in text
    assert "Bag: item 4 x1." in text


def test_indoor_maps_have_the_name_of_their_range(game: Game) -> None:
    for number, name in ((37, "INNER VALE"), (59, "INNER VALE"), (60, "DEEP CAVE")):
        game.ram.put("wCurMap", number)
        assert f"Place: {name} (map {number})," in game.text()


def cells(game: Game) -> tuple[str, ...]:
    view = game.reader.view(game.ram)
    assert view is not None
    return view.rows


def test_each_kind_of_ground_has_its_glyph(game: Game) -> None:
    for column, tile in enumerate((TREE, GRASS, WATER, LEDGE, 0x3D)):
        game.cell(column, 0, tile)
    assert cells(game)[0] == '#"~_T.....'
    assert cells(game)[PLAYER_ROW] == "....@....."
    view = game.reader.view(game.ram)
    assert view is not None
    assert view.walkable[0] == "0100011111"
    assert (view.left, view.top) == (6, 3)


def test_the_view_and_the_text_show_the_same_cells(game: Game) -> None:
    game.cell(1, 1, TREE)
    assert "\n".join(cells(game)) in game.text()


def test_water_can_be_gone_on_by_who_surfs(game: Game) -> None:
    game.cell(0, 0, WATER)
    game.ram.put("wWalkBikeSurfState", 2)
    view = game.reader.view(game.ram)
    assert view is not None
    assert view.walkable[0][0] == "1"


def test_people_balls_and_signs_are_shown_where_they_stand(game: Game) -> None:
    game.ram.put("wNumSprites", 3)
    for slot, (column, row, text) in enumerate(((11, 7, 1), (12, 7, 0x82), (13, 7, 3)), 1):
        game.ram.put("wSpriteStateData1", 5, 0, 0, offset=16 * slot)
        game.ram.put("wSpriteStateData2", row + 4, column + 4, offset=16 * slot + 4)
        game.ram.put("wMapSpriteData", 255, text, offset=2 * (slot - 1))
    game.ram.put("wSpriteStateData1", 255, offset=16 * 3 + 2)
    game.ram.put("wNumSigns", 1).put("wSignCoords", 6, 10)

    assert cells(game)[4] == "....@P!..."
    assert cells(game)[3] == "....S....."


def test_a_door_leads_on_at_once_and_a_mat_by_walking_on(game: Game) -> None:
    game.cell(5, 4, 0x1B)
    game.ram.put("wNumberOfWarps", 2).put("wWarpEntries", 7, 11, 0, 40, 7, 12, 0, 40)
    view = game.reader.view(game.ram)
    assert view is not None
    assert view.rows[4] == "....@DM..."
    assert view.walkable[4] == "1111121111"


def test_outside_the_map_is_a_wall_unless_the_next_place_begins_there(game: Game) -> None:
    game.ram.put("wXCoord", 1).put("wYCoord", 1)
    assert cells(game)[:5] == ("#" * 10, "#" * 10, "#" * 10, "###.......", "###.@.....")
    game.ram.put("wCurMapConnections", 0b0110 | 0b1000)
    rows = cells(game)
    assert rows[2] == "###EEEEEEE"
    assert rows[3] == "##E......."


def test_in_the_dark_nothing_is_shown(game: Game) -> None:
    game.ram.put("wMapPalOffset", 6)
    assert game.reader.view(game.ram) is None
    assert "It is too dark to see what is around." in game.text()


def test_an_unknown_tileset_is_unknown_ground(game: Game) -> None:
    game.ram.put("wCurMapTileset", 99)
    assert cells(game)[0] == "?" * 10


@pytest.mark.parametrize(
    "spoil",
    [
        lambda game: game.dialogue("X"),
        lambda game: game.ram.put("wIsInBattle", 1),
        lambda game: game.ram.put("wStatusFlags6", 0),
    ],
)
def test_cells_are_shown_only_to_who_walks_about(red: Game, spoil: Callable[[Game], None]) -> None:
    spoil(red)
    assert red.reader.view(red.ram) is None


def test_a_party_that_cannot_be_is_not_told(red: Game) -> None:
    red.ram.put("wPartyCount", 200)
    assert "Party: unreadable, it would have 200 members." in red.text()


def test_a_ledge_is_a_step_of_two_cells_from_the_right_tile_only(game: Game) -> None:
    game.cell(1, 1, 0x2C)
    game.cell(1, 2, LEDGE)
    game.cell(3, 2, LEDGE)
    view = game.reader.view(game.ram)
    assert view is not None
    assert view.leaps == {(game_column(1), game_row(1), "down")}
    assert view.walkable[2][1] == "0"


def test_tiles_between_which_nobody_walks_bar_the_step_both_ways(game: Game) -> None:
    game.ram.put("wCurMapTileset", 17).tiles("wTileMap", 0x20)
    game.cell(2, 2, 0x05)
    view = game.reader.view(game.ram)
    assert view is not None
    beside = {(1, 2, "right"), (3, 2, "left"), (2, 1, "down"), (2, 3, "up")}
    out = {(2, 2, way) for way in ("left", "right", "up", "down")}
    assert view.barred == {(game_column(x), game_row(y), way) for x, y, way in beside | out}

    game.ram.put("wWalkBikeSurfState", 2)
    view = game.reader.view(game.ram)
    assert view is not None
    assert not view.barred


def game_column(x: int) -> int:
    return x + 10 - 4


def game_row(y: int) -> int:
    return y + 7 - PLAYER_ROW
