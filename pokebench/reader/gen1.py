"""Red, Blue and Yellow in words.

Rules and addresses: pret/pokered and pret/pokeyellow, checked on RAM images of real games.
"""

from collections.abc import Mapping
from typing import Final

from pokebench.reader.creature import Fighters, Layout, PartyRecords
from pokebench.reader.gen1_ground import ground_of
from pokebench.reader.ground import Ground, Spot
from pokebench.reader.names import Names, RomTables
from pokebench.reader.pokemon import (
    FACINGS,
    PokemonReader,
    bag_in_words,
    connected_sides,
    stacks_in_words,
)
from pokebench.reader.protocol import Scene
from pokebench.reader.ram import Ram
from pokebench.reader.text import CURSOR, SCREEN_TILES, Screen

_PARTY: Final = Layout(44, species=0, hp=1, max_hp=34, level=33, status=4, moves=8, pp=29)
_FIGHTER: Final = Layout(29, species=0, hp=1, max_hp=15, level=14, status=4, moves=8, pp=25)
_SPECIES: Final = 190
_MOVES: Final = 165
_ITEMS: Final = 97
_NAME_BYTES: Final = 10
_FIRST_HM: Final = 0xC4
_FIRST_TM: Final = 0xC9
_LAST_TM: Final = 0xFA
_MOST_ITEMS: Final = 20
_FIRST_INDOOR_MAP: Final = 37
_LAST_MAP: Final = 255
_LOST: Final = 255
_TRAINER: Final = 2
_OWN_FIGHT: Final = 0
"""Battles of other types show somebody else's fight, or none: the lesson, the Safari Zone."""
_YES_NO: Final = 0x14
_LOCKED_BITS: Final = 0xA1
_SURFING: Final = 2
_MORE_AT: Final = (18, 16)


class Gen1Reader(PokemonReader):
    """Reads one game of generation 1."""

    generation = 1

    def _screen(self, ram: Ram) -> Screen:
        return Screen(ram.span("wTileMap", SCREEN_TILES), self.characters)

    def _scene(self, ram: Ram, screen: Screen) -> Scene:
        battle = ram.byte("wIsInBattle")
        is_written = bool(ram.byte("wFontLoaded") & 1)
        is_in_game = bool(ram.byte("wStatusFlags6") & 1)
        if (is_written or battle or not is_in_game) and screen.has_keyboard:
            return Scene.NAMING
        if battle == _LOST:
            return Scene.TRANSITION
        if battle in (1, _TRAINER):
            return Scene.BATTLE
        if not is_in_game:
            return Scene.TITLE
        if not is_written:
            return Scene.WORLD
        return screen.scene(is_question=ram.byte("wTextBoxID") == _YES_NO)

    def _spot(self, ram: Ram) -> Spot:
        number = ram.byte("wCurMap")
        return Spot(
            place=number,
            name=self.names.place(number, f"map {number}"),
            column=ram.byte("wXCoord"),
            row=ram.byte("wYCoord"),
            facing=FACINGS[ram.byte("wSpritePlayerStateData1FacingDirection") >> 2 & 3],
            width=2 * ram.byte("wCurMapWidth"),
            height=2 * ram.byte("wCurMapHeight"),
            exits=connected_sides(ram.byte("wCurMapConnections")),
            is_surfing=ram.byte("wWalkBikeSurfState") == _SURFING,
        )

    def _ground(self, ram: Ram, screen: Screen, spot: Spot) -> Ground:
        return ground_of(ram, screen.tiles, spot)

    def _waits(self, ram: Ram, screen: Screen) -> bool:
        at = int.from_bytes(ram.span("wMenuCursorLocation", 2), "little")
        tile = at - ram.address("wTileMap")
        has_cursor = 0 <= tile < SCREEN_TILES and screen.tiles[tile] == CURSOR
        return has_cursor or screen.has_more(*_MORE_AT)

    def _is_locked(self, ram: Ram) -> bool:
        return bool(
            ram.byte("wWalkCounter")
            or ram.byte("wJoyIgnore")
            or ram.byte("wStatusFlags5") & _LOCKED_BITS
            or ram.byte("wSimulatedJoypadStatesIndex")
            or ram.byte("wNPCMovementScriptPointerTableNum")
        )

    def _is_dark(self, ram: Ram) -> bool:
        return bool(ram.byte("wMapPalOffset"))

    def _battle(self, ram: Ram) -> str:
        is_own_fight = ram.byte("wBattleType") == _OWN_FIGHT
        fighters = Fighters(
            enemy=ram.span("wEnemyMon", _FIGHTER.size),
            enemy_name=ram.name("wEnemyMonNick"),
            own=ram.span("wBattleMon", _FIGHTER.size) if is_own_fight else bytes(_FIGHTER.size),
            own_name=ram.name("wBattleMonNick"),
            is_trainers=ram.byte("wIsInBattle") == _TRAINER,
        )
        return fighters.in_words(_FIGHTER, self.characters, self.names)

    def _possessions(self, ram: Ram) -> str:
        party = PartyRecords(
            count=ram.byte("wPartyCount"),
            records=ram.span("wPartyMons", 6 * _PARTY.size),
            nicknames=ram.names("wPartyMonNicks", 6),
        )
        bag = ram.stacks("wNumBagItems", "wBagItems", _MOST_ITEMS)
        badges = ram.byte("wObtainedBadges").bit_count()
        return "\n".join(
            [
                party.in_words(_PARTY, self.characters, self.names),
                bag_in_words({"Bag": stacks_in_words(bag, self.names)}),
                f"Money: {_money(ram.span('wPlayerMoney', 3))}. Badges: {badges} of 8.",
            ]
        )

    def _names(self, tables: RomTables) -> Names:
        items = dict(enumerate(tables.in_a_row("ItemNames", _ITEMS), 1))
        items |= {n: f"HM{n - _FIRST_HM + 1:02d}" for n in range(_FIRST_HM, _FIRST_TM)}
        items |= {n: f"TM{n - _FIRST_TM + 1:02d}" for n in range(_FIRST_TM, _LAST_TM + 1)}
        return Names(
            tables.fixed("MonsterNames", _SPECIES, _NAME_BYTES),
            tables.in_a_row("MoveNames", _MOVES),
            items,
            _place_names(tables),
        )


def _money(raw: bytes) -> str:
    """Return packed decimal digits as a number."""
    digits = raw.hex()
    return str(int(digits)) if digits.isdecimal() else "unreadable"


def _place_names(tables: RomTables) -> Mapping[int, str]:
    """Return names from the town map: one entry an outdoor map, one a range of indoor maps."""
    outdoor, indoor = tables.table("ExternalMapEntries"), tables.table("InternalMapEntries")
    names: dict[int, str] = {}
    for number in range(_FIRST_INDOOR_MAP):
        name = outdoor.name(number * 3 + 1)
        if name is None:
            return {}
        names[number] = name
    at, number = 0, _FIRST_INDOOR_MAP
    while number < _LAST_MAP:
        end, name = indoor.byte(at), indoor.name(at + 2)
        if end <= number or name is None:
            return names
        names |= dict.fromkeys(range(number, end), name)
        at, number = at + 4, end
    return names
