"""Red, Blue and Yellow in words.

Rules and addresses: pret/pokered and pret/pokeyellow, checked on RAM images of real games. Nothing
here trusts a byte: RAM may be edited, half written, or no game's at all.
"""

from collections.abc import Mapping
from typing import Final

from pokebench.reader.creature import (
    MOST_IN_PARTY,
    NAME_BYTES,
    Creature,
    Layout,
    decode,
    in_words,
    opponent_in_words,
    party_in_words,
)
from pokebench.reader.facts import charset, places
from pokebench.reader.gen1_ground import ground_of
from pokebench.reader.ground import Spot, spot_in_words
from pokebench.reader.names import Names, RomTables
from pokebench.reader.protocol import Scene, Situation
from pokebench.reader.ram import Ram
from pokebench.reader.text import CURSOR, SCREEN_TILES, Characters, Screen
from pokebench.types import LONGEST_TEXT, RamPort, View

FACINGS: Final = ("down", "up", "left", "right")
_PARTY: Final = Layout(44, species=0, hp=1, max_hp=34, level=33, status=4, moves=8, pp=29)
_FIGHTER: Final = Layout(29, species=0, hp=1, max_hp=15, level=14, status=4, moves=8, pp=25)
_SPECIES: Final = 190
_MOVES: Final = 165
_ITEMS: Final = 97
_FIRST_HM: Final = 0xC4
_FIRST_TM: Final = 0xC9
_LAST_TM: Final = 0xFA
_MOST_ITEMS: Final = 20
_FIRST_INDOOR_MAP: Final = 37
_MAPS: Final = 256
_LOCKED_BITS: Final = 0xA1
_YES_NO: Final = 0x14
_LOST: Final = 255
_MORE_AT: Final = (18, 16)
_SIDES: Final = ((8, "north"), (4, "south"), (2, "west"), (1, "east"))


class Gen1Reader:
    """Reads one game of generation 1; keeps nothing between reads but names and addresses."""

    def __init__(self, layout: str, game: str, rom: bytes) -> None:
        """Take names from `rom`, at the places that `layout` has for `game`."""
        facts = places(layout)
        self._characters = Characters(charset(1))
        self._at = facts.ram
        self._names = _names(RomTables(rom, facts.rom[game], self._characters))

    def read(self, ram: RamPort) -> str:
        """Return the text of this moment."""
        view = Ram(ram, self._at)
        screen = self._screen(view)
        scene = _scene(view, screen)
        parts = []
        if scene not in (Scene.TITLE, Scene.NAMING):
            parts.append(self._surroundings(view, scene))
        if scene is Scene.BATTLE:
            parts.append(self._battle(view))
        if scene not in (Scene.WORLD, Scene.TRANSITION):
            parts.append(written(screen, scene))
        if scene not in (Scene.TITLE, Scene.NAMING):
            parts.append(self._possessions(view))
        return "\n".join(parts)[:LONGEST_TEXT]

    def situation(self, ram: RamPort) -> Situation:
        """Return what the game is doing."""
        view = Ram(ram, self._at)
        screen = self._screen(view)
        scene = _scene(view, screen)
        spot = self._spot(view)
        is_walking = scene in (Scene.WORLD, Scene.TRANSITION)
        has_more = screen.has_more(*_MORE_AT)
        is_ready = not _is_locked(view) if is_walking else has_more or _has_cursor(view, screen)
        has_text = scene is Scene.TEXT or (scene is Scene.BATTLE and not screen.has_cursor)
        where = bytes([spot.place, spot.column, spot.row, FACINGS.index(spot.facing)])
        return Situation(
            scene=scene,
            is_ready=is_ready and scene is not Scene.TRANSITION,
            has_text=has_text,
            place=spot.place,
            position=(spot.column, spot.row),
            fingerprint=scene.encode() + where + (b"" if is_walking else screen.words),
            is_ready_when_still=not is_walking,
        )

    def view(self, ram: RamPort) -> View | None:
        """Return the cells on screen, while the player walks about and it is not dark."""
        view = Ram(ram, self._at)
        screen = self._screen(view)
        if _scene(view, screen) is not Scene.WORLD or view.byte("wMapPalOffset"):
            return None
        ground = ground_of(view, screen.tiles, self._spot(view), _sides(view))
        return ground.view(is_surfing=view.byte("wWalkBikeSurfState") == 2)

    def _screen(self, ram: Ram) -> Screen:
        return Screen(ram.bytes("wTileMap", SCREEN_TILES), self._characters)

    def _spot(self, ram: Ram) -> Spot:
        number = ram.byte("wCurMap")
        return Spot(
            place=number,
            name=self._names.place(number, f"map {number}"),
            column=ram.byte("wXCoord"),
            row=ram.byte("wYCoord"),
            facing=FACINGS[ram.byte("wSpritePlayerStateData1FacingDirection") >> 2 & 3],
            width=2 * ram.byte("wCurMapWidth"),
            height=2 * ram.byte("wCurMapHeight"),
        )

    def _surroundings(self, ram: Ram, scene: Scene) -> str:
        spot = self._spot(ram)
        if scene is not Scene.WORLD:
            return spot_in_words(spot)
        if ram.byte("wMapPalOffset"):
            return spot_in_words(spot) + "\nIt is too dark to see what is around."
        tiles = ram.bytes("wTileMap", SCREEN_TILES)
        return ground_of(ram, tiles, spot, _sides(ram)).in_words()

    def _battle(self, ram: Ram) -> str:
        kind = "a trainer" if ram.byte("wIsInBattle") == 2 else "a wild one"
        enemy = self._fighter(ram, "wEnemyMon")
        own = self._fighter(ram, "wBattleMon")
        lines = [f"Battle against {kind}."]
        if enemy.is_plausible:
            lines.append(f"Opponent: {opponent_in_words(enemy, self._names)}.")
        if own.is_plausible:
            lines.append(f"Fighting for you: {in_words(own, self._names)}.")
        return "\n".join(lines)

    def _fighter(self, ram: Ram, label: str) -> Creature:
        raw = ram.bytes(label, _FIGHTER.size)
        return decode(raw, _FIGHTER, ram.bytes(label + "Nick", NAME_BYTES), self._characters)

    def _possessions(self, ram: Ram) -> str:
        count = ram.byte("wPartyCount")
        read = min(count, MOST_IN_PARTY)
        records = ram.bytes("wPartyMons", read * _PARTY.size) if read else b""
        nicks = ram.bytes("wPartyMonNicks", read * NAME_BYTES) if read else b""

        def member(slot: int) -> Creature:
            raw = records[slot * _PARTY.size : (slot + 1) * _PARTY.size]
            nick = nicks[slot * NAME_BYTES : (slot + 1) * NAME_BYTES]
            return decode(raw, _PARTY, nick, self._characters)

        badges = ram.byte("wObtainedBadges").bit_count()
        return "\n".join(
            [
                party_in_words(count, member, self._names),
                bag_in_words(self._bag(ram)),
                f"Money: {_money(ram.bytes('wPlayerMoney', 3))}. Badges: {badges} of 8.",
            ]
        )

    def _bag(self, ram: Ram) -> list[str] | None:
        count = ram.byte("wNumBagItems")
        if count > _MOST_ITEMS:
            return None
        raw = ram.bytes("wBagItems", 2 * count) if count else b""
        pairs = zip(raw[::2], raw[1::2], strict=True)
        return [f"{self._names.item(item)} x{amount}" for item, amount in pairs]


def written(screen: Screen, scene: Scene) -> str:
    """Return what is written on screen: a dialogue's lines, or all of it and the cursor's place."""
    if scene is Scene.TEXT and screen.has_box:
        return f"Dialogue:\n{screen.dialogue()}".rstrip()
    choice = screen.choice()
    panel = f"On screen:\n{screen.panel()}".rstrip()
    return f"{panel}\nCursor on: {choice}" if choice else panel


def bag_in_words(entries: list[str] | None) -> str:
    """Return a bag's entries in words; None for one that cannot be read."""
    if entries is None:
        return "Bag: unreadable."
    return f"Bag: {', '.join(entries)}." if entries else "Bag: empty."


def _scene(ram: Ram, screen: Screen) -> Scene:
    """Return what the game is doing; the first rule that holds names it."""
    battle = ram.byte("wIsInBattle")
    is_written = bool(ram.byte("wFontLoaded") & 1)
    is_in_game = bool(ram.byte("wStatusFlags6") & 1)
    if (is_written or battle or not is_in_game) and screen.has_keyboard:
        return Scene.NAMING
    if battle == _LOST:
        return Scene.TRANSITION
    if battle in (1, 2):
        return Scene.BATTLE
    if not is_in_game:
        return Scene.TITLE
    if not is_written:
        return Scene.WORLD
    if not screen.has_cursor:
        return Scene.TEXT if screen.has_box else Scene.MENU
    return Scene.CHOICE if screen.has_box or ram.byte("wTextBoxID") == _YES_NO else Scene.MENU


def _is_locked(ram: Ram) -> bool:
    """Whether a player who walks about cannot press: a step, a script, a map that loads."""
    return bool(
        ram.byte("wWalkCounter")
        or ram.byte("wJoyIgnore")
        or ram.byte("wStatusFlags5") & _LOCKED_BITS
        or ram.byte("wSimulatedJoypadStatesIndex")
        or ram.byte("wNPCMovementScriptPointerTableNum")
    )


def _has_cursor(ram: Ram, screen: Screen) -> bool:
    """Whether a menu waits: its cursor stands where the game says it is."""
    at = int.from_bytes(ram.bytes("wMenuCursorLocation", 2), "little") - ram.address("wTileMap")
    return 0 <= at < SCREEN_TILES and screen.tiles[at] == CURSOR


def _sides(ram: Ram) -> frozenset[str]:
    bits = ram.byte("wCurMapConnections")
    return frozenset(side for bit, side in _SIDES if bits & bit)


def _money(raw: bytes) -> str:
    digits = raw.hex()
    return str(int(digits)) if digits.isdecimal() else "unreadable"


def _names(tables: RomTables) -> Names:
    items = dict(enumerate(tables.in_a_row("ItemNames", _ITEMS), 1))
    items |= {n: f"HM{n - _FIRST_HM + 1:02d}" for n in range(_FIRST_HM, _FIRST_TM)}
    items |= {n: f"TM{n - _FIRST_TM + 1:02d}" for n in range(_FIRST_TM, _LAST_TM + 1)}
    return Names(
        tables.fixed("MonsterNames", _SPECIES, 10),
        tables.in_a_row("MoveNames", _MOVES),
        items,
        _place_names(tables),
    )


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
    while number < _MAPS - 1:
        end, name = indoor.byte(at), indoor.name(at + 2)
        if end <= number or name is None:
            return names
        names |= dict.fromkeys(range(number, end), name)
        at, number = at + 4, end
    return names
