"""Gold, Silver and Crystal in words.

Rules and addresses: pret/pokegold and pret/pokecrystal, checked on RAM images of real games.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pokebench.reader.creature import Fighters, Layout, PartyRecords
from pokebench.reader.gen2_ground import ground_of
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
from pokebench.reader.text import SCREEN_TILES, Screen

_PARTY: Final = Layout(48, species=0, hp=34, max_hp=36, level=31, status=32, moves=2, pp=23, item=1)
_FIGHTER: Final = Layout(32, species=0, hp=16, max_hp=18, level=13, status=14, moves=2, pp=8)
_SPECIES: Final = 251
_MOVES: Final = 251
_ITEMS: Final = 249
_NAME_BYTES: Final = 10
_EGG: Final = 253
_MOST_ITEMS: Final = 20
_MOST_BALLS: Final = 12
_MOST_KEY_ITEMS: Final = 25
_TMS: Final = 50
_HMS: Final = 7
_MOST_MONEY: Final = 999_999
_RUNNING: Final = 2
_TRAINER: Final = 2
_STANDING: Final = 255
_SURFING: Final = (4, 8)
_MORE_AT: Final = (18, 17)
_OTHER_TILES: Final = 0x08
"""The bit of a tile's attributes that says it comes from the second bank: from the map."""
_FIRST_LETTER: Final = 0x80
_GROUPS: Final = 26
_MOST_MAPS: Final = 255
_MAP_BYTES: Final = 9
_LANDMARK: Final = 5
_LANDMARKS: Final = 128


class Gen2Reader(PokemonReader):
    """Reads one game of generation 2."""

    generation = 2
    may_turn_first = True

    def _screen(self, ram: Ram) -> Screen:
        tiles = ram.span("wTilemap", SCREEN_TILES)
        attributes = ram.span("wAttrmap", SCREEN_TILES)
        if any(attribute & _OTHER_TILES for attribute in attributes):
            pairs = zip(tiles, attributes, strict=True)
            tiles = bytes(0 if t >= _FIRST_LETTER and a & _OTHER_TILES else t for t, a in pairs)
        return Screen(tiles, self.characters)

    def _scene(self, ram: Ram, screen: Screen) -> Scene:
        is_in_battle = ram.byte("wBattleMode") != 0
        is_in_game = ram.byte("wMapStatus") == _RUNNING
        has_window = ram.byte("wWindowStackSize") != 0
        has_script = ram.byte("wScriptRunning") != 0
        is_busy = is_in_battle or has_window or has_script or not is_in_game
        if is_busy and screen.has_keyboard:
            return Scene.NAMING
        if is_in_battle:
            return Scene.BATTLE
        if not is_in_game:
            return Scene.TRANSITION if ram.byte("wMapGroup") else Scene.TITLE
        if has_window or (has_script and screen.has_box):
            return screen.scene()
        return Scene.WORLD

    def _spot(self, ram: Ram) -> Spot:
        group, number = ram.byte("wMapGroup"), ram.byte("wMapNumber")
        place = group << 8 | number
        return Spot(
            place=place,
            name=self.names.place(place, f"map {group}.{number}"),
            column=ram.byte("wXCoord"),
            row=ram.byte("wYCoord"),
            facing=FACINGS[ram.byte("wPlayerDirection") >> 2 & 3],
            width=2 * ram.byte("wMapWidth"),
            height=2 * ram.byte("wMapHeight"),
            exits=connected_sides(ram.byte("wMapConnections")),
            is_surfing=ram.byte("wPlayerState") in _SURFING,
        )

    def _ground(self, ram: Ram, screen: Screen, spot: Spot) -> Ground:
        return ground_of(ram, self.rom, spot)

    def _waits(self, ram: Ram, screen: Screen) -> bool:
        return screen.has_cursor or screen.has_more(*_MORE_AT)

    def _is_locked(self, ram: Ram) -> bool:
        return bool(
            ram.byte("wScriptRunning")
            or ram.byte("wJoypadDisable")
            or ram.byte("wMapEventStatus")
            or ram.byte("wPlayerStepDirection") != _STANDING
        )

    def _is_dark(self, ram: Ram) -> bool:
        return False

    def _battle(self, ram: Ram) -> str:
        fighters = Fighters(
            enemy=ram.span("wEnemyMon", _FIGHTER.size),
            enemy_name=ram.name("wEnemyMonNickname"),
            own=ram.span("wBattleMon", _FIGHTER.size),
            own_name=ram.name("wBattleMonNickname"),
            is_trainers=ram.byte("wBattleMode") == _TRAINER,
        )
        return fighters.in_words(_FIGHTER, self.characters, self.names)

    def _possessions(self, ram: Ram) -> str:
        species = ram.span("wPartySpecies", 6)
        party = PartyRecords(
            count=ram.byte("wPartyCount"),
            records=ram.span("wPartyMons", 6 * _PARTY.size),
            nicknames=ram.names("wPartyMonNicknames", 6),
            eggs=frozenset(slot for slot, number in enumerate(species) if number == _EGG),
        )
        badges = (ram.byte("wJohtoBadges") | ram.byte("wKantoBadges") << 8).bit_count()
        money = int.from_bytes(ram.span("wMoney", 3), "big")
        amount = str(money) if money <= _MOST_MONEY else "unreadable"
        return "\n".join(
            [
                party.in_words(_PARTY, self.characters, self.names),
                bag_in_words(self._pockets(ram)),
                f"Money: {amount}. Badges: {badges} of 16.",
            ]
        )

    def _pockets(self, ram: Ram) -> Mapping[str, Sequence[str] | None]:
        items = ram.stacks("wNumItems", "wItems", _MOST_ITEMS)
        balls = ram.stacks("wNumBalls", "wBalls", _MOST_BALLS)
        count = ram.byte("wNumKeyItems")
        keys = ram.span("wKeyItems", min(max(count, 1), _MOST_KEY_ITEMS))[:count]
        machines = ram.span("wTMsHMs", _TMS + _HMS)
        return {
            "Bag": stacks_in_words(items, self.names),
            "Balls": stacks_in_words(balls, self.names),
            "Key items": [self.names.item(key) for key in keys]
            if count <= _MOST_KEY_ITEMS
            else None,
            "Machines": [_machine(i, amount) for i, amount in enumerate(machines) if amount],
        }

    def _names(self, tables: RomTables) -> Names:
        return Names(
            tables.fixed("PokemonNames", _SPECIES, _NAME_BYTES),
            tables.in_a_row("MoveNames", _MOVES),
            dict(enumerate(tables.in_a_row("ItemNames", _ITEMS), 1)),
            dict(_place_names(tables)),
        )


def _machine(index: int, amount: int) -> str:
    name = f"TM{index + 1:02d}" if index < _TMS else f"HM{index - _TMS + 1:02d}"
    return f"{name} x{amount}" if amount > 1 else name


def _place_names(tables: RomTables) -> Iterator[tuple[int, str]]:
    """Yield maps with the name of the landmark they belong to."""
    groups, landmarks = tables.table("MapGroupPointers"), tables.table("Landmarks")
    names = [landmarks.name(4 * i + 2) for i in range(_LANDMARKS)]
    starts = [groups.pointer(2 * i) for i in range(_GROUPS)]
    for group, start in enumerate(starts, 1):
        if start is None:
            return
        later = [other for other in starts if other is not None and other > start]
        count = (min(later) - start) // _MAP_BYTES if later else _MOST_MAPS
        for number in range(1, min(count, _MOST_MAPS) + 1):
            landmark = groups.byte_at(start + (number - 1) * _MAP_BYTES + _LANDMARK)
            name = names[landmark] if landmark < _LANDMARKS else None
            if name is not None:
                yield group << 8 | number, name
