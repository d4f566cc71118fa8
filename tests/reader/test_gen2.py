"""Gold, Silver and Crystal read from RAM and ROM that the tests write."""

import struct
from functools import cache

import pytest

from pokebench.reader import Scene, TextReader, text_reader
from pokebench.reader.facts import places
from tests.reader.image import RamImage, RomImage

LAYOUTS = {"gold": "gold", "silver": "gold", "crystal": "crystal"}
WALL, FLOOR, GRASS, WATER, LEDGE_DOWN, DOOR, CARPET = 0x07, 0x01, 0x18, 0x29, 0xA3, 0x71, 0x70
COLLISIONS_BANK, COLLISIONS = 0x20, 0x5000
SCRIPTS_BANK, SIGNS = 0x21, 0x6000
MAP_BYTES = struct.Struct("<BBBHBBBB")


def rom_of(game: str) -> RomImage:
    """Return a ROM with made-up names and one tileset: block N is made of collision id N."""
    tables = places(LAYOUTS[game]).rom[game]
    rom = RomImage(tables, 2)
    rom.fixed("PokemonNames", [f"BEAST{i}" for i in range(1, 252)], 10)
    rom.in_a_row("MoveNames", [f"TRICK{i}" for i in range(1, 252)])
    rom.in_a_row("ItemNames", [f"THING{i}" for i in range(1, 250)])
    maps, marks = tables["MapGroupPointers"], tables["Landmarks"]
    starts = [maps.address + 0x40 + 9 * 4 * group for group in range(26)]
    rom.put(maps.bank, maps.address, struct.pack("<26H", *starts))
    for group, start in enumerate(starts):
        four = b"".join(MAP_BYTES.pack(0, 1, 1, 0x4000, group * 4 + i, 0, 0, 0) for i in range(4))
        rom.put(maps.bank, start, four)
    names = [0x7000 + 16 * i for i in range(128)]
    rom.put(marks.bank, marks.address, b"".join(struct.pack("<BBH", 0, 0, at) for at in names))
    for i, at in enumerate(names):
        rom.name_at(marks.bank, at, f"MARK{i}")
    rom.put(COLLISIONS_BANK, COLLISIONS, bytes(i // 4 for i in range(1024)))
    return rom


@cache
def reader_for(game: str) -> TextReader:
    """Return a reader with those names; it keeps nothing between reads."""
    return text_reader(game, bytes(rom_of(game).data))


class Game:
    """A game at some moment, and its reader."""

    def __init__(self, game: str) -> None:
        self._game = game
        self.reader = reader_for(game)
        self.ram = RamImage(places(LAYOUTS[game]).ram, 2)
        self.walking()

    def insert_rom(self, bank: int, address: int, data: bytes) -> None:
        """Play on with a ROM that has something else somewhere."""
        rom = rom_of(self._game).put(bank, address, data)
        self.reader = text_reader(self._game, bytes(rom.data))

    def walking(self) -> "Game":
        """Stand in the middle of a lawn on map 3.2, free to go."""
        ram = self.ram
        ram.put("wMapStatus", 2).put("wMapGroup", 3).put("wMapNumber", 2)
        ram.put("wXCoord", 9).put("wYCoord", 6).put("wPlayerDirection", 12)
        ram.put("wPlayerStepDirection", 255).put("wMapWidth", 10).put("wMapHeight", 9)
        ram.put("wTilesetCollisionBank", COLLISIONS_BANK)
        ram.put("wTilesetCollisionAddress", COLLISIONS & 0xFF, COLLISIONS >> 8)
        ram.put_bytes("wOverworldMapBlocks", bytes([GRASS]) * 1300)
        return self

    def block(self, column: int, row: int, kind: int) -> "Game":
        """Put a block of two by two cells of one kind at a block of the map."""
        self.ram.put("wOverworldMapBlocks", kind, offset=(row + 3) * 16 + column + 3)
        return self

    def dialogue(self, first: str, second: str = "") -> "Game":
        self.ram.put("wScriptRunning", 255).box("wTilemap", 0, 12, 19, 17)
        self.ram.write("wTilemap", 1, 14, first).write("wTilemap", 1, 16, second)
        return self

    def member(self, slot: int, nickname: str, record: bytes) -> "Game":
        self.ram.put_bytes("wPartyMons", record, offset=48 * slot)
        self.ram.put_bytes("wPartyMonNicknames", self.ram.encoder.name(nickname), offset=11 * slot)
        return self

    def text(self) -> str:
        return self.reader.read(self.ram)

    def scene(self) -> Scene:
        return self.reader.situation(self.ram).scene

    def is_ready(self) -> bool:
        return self.reader.situation(self.ram).is_ready


def party_record(
    species: int = 155, item: int = 0, hp: int = 20, max_hp: int = 22, level: int = 6,
    status: int = 0, moves: tuple[int, ...] = (1, 251, 0, 0),
    pp: tuple[int, ...] = (35, 0x45, 0, 0),
) -> bytes:  # fmt: skip
    head = bytes([species, item, *moves]).ljust(23, b"\x01") + bytes(pp) + bytes(4)
    return head + struct.pack(">BBBHH", level, status, 0, hp, max_hp) + bytes(10)


def fighter_record(species: int, level: int, hp: int, max_hp: int, status: int = 0) -> bytes:
    head = bytes([species, 0, 3, 0, 0, 0, 9, 9, 12, 0, 0, 0, 70, level, status, 0])
    return head + struct.pack(">HH", hp, max_hp) + bytes(12)


@pytest.fixture(params=list(LAYOUTS))
def game(request: pytest.FixtureRequest) -> Game:
    return Game(request.param)


@pytest.fixture
def crystal() -> Game:
    return Game("crystal")


def test_a_free_player_is_told_the_place_and_can_press(game: Game) -> None:
    assert "Place: MARK9 (map 3.2), column 9, row 6, facing right." in game.text()
    assert game.scene() is Scene.WORLD
    assert game.is_ready()
    situation = game.reader.situation(game.ram)
    assert (situation.place, situation.position) == (0x302, (9, 6))


@pytest.mark.parametrize(
    ("label", "value", "scene", "is_ready"),
    [
        ("wBattleMode", 1, Scene.BATTLE, False),
        ("wBattleMode", 2, Scene.BATTLE, False),
        ("wMapStatus", 0, Scene.TRANSITION, False),
        ("wMapStatus", 1, Scene.TRANSITION, False),
        ("wMapStatus", 3, Scene.TRANSITION, False),
        ("wWindowStackSize", 1, Scene.MENU, False),
        ("wScriptRunning", 255, Scene.WORLD, False),
        ("wJoypadDisable", 0x40, Scene.WORLD, False),
        ("wMapEventStatus", 1, Scene.WORLD, False),
        ("wPlayerStepDirection", 3, Scene.WORLD, False),
    ],
)
def test_each_rule_names_what_the_game_is_doing(
    game: Game, label: str, value: int, scene: Scene, is_ready: bool
) -> None:
    game.ram.put(label, value)

    assert game.scene() is scene
    assert game.is_ready() is is_ready


def test_without_a_map_the_game_has_not_begun(game: Game) -> None:
    game.ram.put("wMapStatus", 0).put("wMapGroup", 0).write("wTilemap", 2, 2, "NEW GAME")
    assert game.scene() is Scene.TITLE
    assert game.text() == "On screen:\n  NEW GAME"


def test_a_dialogue_is_told_in_its_own_words(game: Game) -> None:
    game.dialogue("HELLO THERE!", "A POKé day").ram.tile("wTilemap", 18, 17, 0xEE)

    assert "Dialogue:\nHELLO THERE!\nA POKé day\n" in game.text()
    assert game.scene() is Scene.TEXT
    assert game.is_ready()
    assert game.reader.situation(game.ram).has_text


def test_a_question_is_a_choice(game: Game) -> None:
    game.dialogue("REALLY?").ram.put("wWindowStackSize", 1).box("wTilemap", 14, 7, 19, 11)
    game.ram.write("wTilemap", 16, 8, "YES").write("wTilemap", 16, 10, "NO")
    game.ram.tile("wTilemap", 15, 8, 0xED)

    assert game.scene() is Scene.CHOICE
    assert "Cursor on: YES" in game.text()
    assert game.is_ready()


def test_a_menu_over_the_map_shows_no_tile_of_the_map(game: Game) -> None:
    game.ram.put_bytes("wTilemap", bytes([0x81]) * 360).put_bytes("wAttrmap", bytes([0x0A]) * 360)
    game.ram.put("wWindowStackSize", 1).box("wTilemap", 10, 0, 19, 5)
    for row in range(6):
        game.ram.put("wAttrmap", *[7] * 10, offset=row * 20 + 10)
    game.ram.write("wTilemap", 12, 2, "BAG").tile("wTilemap", 11, 2, 0xED)

    assert game.scene() is Scene.MENU
    text = game.text()
    assert "Cursor on: BAG" in text
    assert "BB" not in text


@pytest.mark.parametrize("row", [4, 6, 8])
def test_letters_in_a_row_are_a_keyboard(game: Game, row: int) -> None:
    game.ram.put("wMapStatus", 0)
    for i in range(9):
        game.ram.tile("wTilemap", 2 + 2 * i, row, 0x80 + i)
    assert game.scene() is Scene.NAMING


def test_the_party_is_told_with_what_it_holds_and_eggs(game: Game) -> None:
    game.ram.put("wPartyCount", 3).put("wPartySpecies", 155, 253, 1, 255)
    game.member(0, "BEAST155", party_record(item=7))
    game.member(1, "SECRET", party_record(species=175))
    game.member(2, "LEAF", party_record(species=1, status=0x40))

    assert (
        "Party, with points left for each move:\n"
        "1. BEAST155, level 6, 20/22 HP, holds THING7: TRICK1 35, TRICK251 5\n"
        "2. an egg\n"
        '3. BEAST1 "LEAF", level 6, 20/22 HP, paralysed: TRICK1 35, TRICK251 5\n'
    ) in game.text()


def test_money_is_a_binary_number_and_badges_are_of_two_countries(game: Game) -> None:
    game.ram.put("wMoney", 0x01, 0x02, 0x03).put("wJohtoBadges", 0b111).put("wKantoBadges", 0x81)
    assert "Money: 66051. Badges: 5 of 16." in game.text()
    game.ram.put("wMoney", 0xFF, 0xFF, 0xFF)
    assert "Money: unreadable." in game.text()


def test_each_pocket_is_told(game: Game) -> None:
    game.ram.put("wNumItems", 1).put("wItems", 18, 3, 255).put("wNumBalls", 1).put("wBalls", 5, 9)
    game.ram.put("wNumKeyItems", 2).put("wKeyItems", 70, 71, 255)
    game.ram.put("wTMsHMs", 2).put("wTMsHMs", 1, offset=50)
    text = game.text()

    assert "Bag: THING18 x3. Balls: THING5 x9. Key items: THING70, THING71." in text
    assert "Machines: TM01 x2, HM01." in text


def test_a_pocket_that_cannot_be_is_not_told(crystal: Game) -> None:
    crystal.ram.put("wNumItems", 21).put("wNumBalls", 13).put("wNumKeyItems", 26)
    assert "Bag: unreadable. Balls: unreadable. Key items: unreadable." in crystal.text()


def test_a_long_bag_is_cut_and_says_so(crystal: Game) -> None:
    crystal.ram.put("wTMsHMs", *[9] * 57)
    assert ", and 13 more." in crystal.text()


def test_a_battle_shows_a_share_of_the_opponents_bar_and_own_points(game: Game) -> None:
    game.ram.put("wBattleMode", 1).put_bytes("wEnemyMon", fighter_record(19, 4, 17, 51))
    game.ram.put_bytes("wEnemyMonNickname", game.ram.encoder.name("BEAST19"))
    game.ram.put_bytes("wBattleMon", fighter_record(155, 6, 20, 22, status=2))
    game.ram.put_bytes("wBattleMonNickname", game.ram.encoder.name("PIP"))
    text = game.text()

    assert "Battle against a wild one.\nOpponent: BEAST19, level 4, HP bar 33% full." in text
    assert 'Fighting for you: BEAST155 "PIP", level 6, 20/22 HP, asleep: TRICK3 12.' in text
    assert "51" not in text


def rows(game: Game) -> tuple[str, ...]:
    view = game.reader.view(game.ram)
    assert view is not None
    return view.rows


def test_each_kind_of_ground_has_its_glyph(game: Game) -> None:
    for column, kind in enumerate((WALL, FLOOR, WATER, LEDGE_DOWN, DOOR), 2):
        game.block(column, 1, kind)
    game.block(4, 4, CARPET)
    # the view begins at column 5, so that it cuts a block in two
    assert rows(game)[0] == '#..~~__DD"'
    assert rows(game)[4] == '""""@"""""'
    assert rows(game)[6][3:5] == "MM"


def test_the_quarters_of_a_block_lie_where_the_game_has_them(game: Game) -> None:
    game.insert_rom(COLLISIONS_BANK, COLLISIONS + 4 * 0x30, bytes([WALL, FLOOR, WATER, DOOR]))
    game.block(3, 2, 0x30)
    assert [row[1:3] for row in rows(game)[2:4]] == ["#.", "~D"]


def test_a_block_zero_is_a_wall(crystal: Game) -> None:
    crystal.block(3, 2, 0)
    assert [row[1:3] for row in rows(crystal)[2:4]] == ["##", "##"]


def test_water_can_be_gone_on_by_who_surfs(game: Game) -> None:
    game.block(3, 1, WATER)
    for state, code in ((0, "0"), (4, "1"), (8, "1")):
        game.ram.put("wPlayerState", state)
        view = game.reader.view(game.ram)
        assert view is not None
        assert view.walkable[0][1] == code


def test_people_balls_and_signs_are_shown_where_they_stand(game: Game) -> None:
    for slot, sprite, column in ((1, 5, 10), (2, 0x54, 11)):
        game.ram.put("wObjectStructs", sprite, offset=40 * slot)
        game.ram.put("wObjectStructs", column + 4, 6 + 4, offset=40 * slot + 0x10)
    seen_and_hidden = bytes([5, 9, 0, 0, 0x40]) + bytes([5, 10, 7, 0, 0x40])
    game.insert_rom(SCRIPTS_BANK, SIGNS, seen_and_hidden)
    game.ram.put("wMapScriptsBank", SCRIPTS_BANK)
    game.ram.put("wCurMapBGEventCount", 2, SIGNS & 0xFF, SIGNS >> 8)

    assert [row[4:7] for row in rows(game)[3:5]] == ['S""', "@P!"]


def test_beyond_the_edge_lies_the_next_place_if_there_is_one(crystal: Game) -> None:
    crystal.ram.put("wXCoord", 0).put("wYCoord", 0).put_bytes("wOverworldMapBlocks", bytes(1300))
    for column in range(-3, 6):
        for row in range(-3, 6):
            crystal.block(column, row, FLOOR)
    assert rows(crystal)[3] == "#" * 10
    crystal.ram.put("wMapConnections", 0b1010)
    assert rows(crystal)[3] == "####EEEEEE"
    assert [row[3] for row in rows(crystal)] == ["#"] * 4 + ["E"] * 5


def test_without_the_roms_blocks_only_the_neighbours_are_known(crystal: Game) -> None:
    crystal.ram.put("wTilesetCollisionAddress", 0, 0)
    crystal.ram.put("wTileUp", WALL).put("wTileDown", GRASS).put("wTileRight", LEDGE_DOWN)
    assert [row[3:6] for row in rows(crystal)[3:6]] == ["?#?", ".@_", '?"?']


def test_numbers_stand_in_for_names_of_a_rom_without_them() -> None:
    game = Game("gold")
    game.reader = text_reader("gold", bytes(0x8000))
    game.ram.put("wPartyCount", 1).put("wNumItems", 1).put("wItems", 18, 3)
    game.member(0, "X", party_record())
    text = game.text()

    assert "Place: map 3.2, column" in text
    assert '1. species 155 "X", level 6, 20/22 HP: move 1 35, move 251 5' in text
    assert "Bag: item 18 x3." in text


def test_a_ledges_edge_is_stood_on_and_jumped_from(game: Game) -> None:
    game.block(3, 2, LEDGE_DOWN)
    view = game.reader.view(game.ram)
    assert view is not None
    assert view.leaps == {(c, r, "down") for c in (6, 7) for r in (4, 5)}
    assert view.walkable[2][1] == "1"


@pytest.mark.parametrize(
    ("kind", "ways"), [(0xB0, ("right",)), (0xB2, ("up",)), (0xB5, ("down", "left"))]
)
def test_a_fence_bars_the_step_both_ways(game: Game, kind: int, ways: tuple[str, ...]) -> None:
    game.insert_rom(COLLISIONS_BANK, COLLISIONS + 4 * 0x30, bytes([kind, FLOOR, FLOOR, FLOOR]))
    game.block(3, 2, 0x30)
    view = game.reader.view(game.ram)
    assert view is not None
    moves = {"down": (0, 1), "up": (0, -1), "left": (-1, 0), "right": (1, 0)}
    back = {"down": "up", "up": "down", "left": "right", "right": "left"}
    there = {(6 + moves[way][0], 4 + moves[way][1], back[way]) for way in ways}
    assert view.barred == {(6, 4, way) for way in ways} | there


def test_a_player_may_only_turn_by_a_press(game: Game) -> None:
    assert game.reader.situation(game.ram).may_turn_first
