"""Checks a game on a person's own ROM: what the table says, against what the console does.

No ROM is there when pokebench is built, so this is where a table meets its game.
"""

from collections.abc import Iterator
from typing import Final

from pokebench.cli.checks import Check, Checks, State, judged
from pokebench.episode import Episode
from pokebench.errors import ConfigError, PokebenchError
from pokebench.milestone import Cartridge, examine
from pokebench.reader import reader_of
from pokebench.reader.pokemon import PokemonReader
from pokebench.types import Action

SEED: Final = 1
_BUDGET_FRAMES: Final = 1 << 30
_DIRECTIONS: Final = (Action.DOWN, Action.LEFT, Action.RIGHT, Action.UP)
_PLAYED: Final = (*_DIRECTIONS, Action.A, Action.B, Action.WAIT, Action.START, Action.B) * 4
_TABLE_TODO: Final = (
    "the table does not fit this ROM: please report it with this output, and do not trust scores"
)
_EXACT_TODO: Final = "runs of this game would not verify: please report it with this output"


def self_check(cartridge: Cartridge) -> Checks:
    """Yield what was looked at, one by one, from power-on to the first steps."""
    table = cartridge.table
    dump = next((dump for dump in table.rom if dump.sha1 == cartridge.rom.sha1), None)
    which = f"{dump.region} {dump.revision}".strip() if dump else "made from a seed"
    yield Check("ROM", State.GOOD, f"{table.game.title} ({which}), SHA-1 {cartridge.rom.sha1}")
    yield from _names(cartridge)
    try:
        episode = Episode(cartridge, SEED, _BUDGET_FRAMES)
    except PokebenchError as error:
        yield Check("start", State.BAD, str(error), _TABLE_TODO)
        return
    try:
        yield Check("start", State.GOOD, f"the first turn comes at frame {episode.frames}")
        yield from _expectations(episode)
        yield from _nothing_reached(episode)
        yield _text(episode)
        yield _repeats(episode)
        yield _restores(episode)
        yield from _walks(episode)
    finally:
        episode.close()


def _names(cartridge: Cartridge) -> Checks:
    """Look whether the ROM's tables of names are where they should be."""
    try:
        reader = reader_of(cartridge.table, cartridge.rom.data)
    except ConfigError as error:
        yield Check("names", State.BAD, str(error), "update pokebench")
        return
    if not isinstance(reader, PokemonReader):
        return
    found = {
        "species": reader.names.species(1),
        "move": reader.names.move(1),
        "item": reader.names.item(1),
    }
    missing = [kind for kind, name in found.items() if name == f"{kind} 1"]
    first = ", ".join(f"{kind} 1 is {name}" for kind, name in found.items())
    detail = f"no names of {' and '.join(missing)} in the ROM" if missing else first
    yield judged("names", not missing, detail, "agents would read numbers: " + _TABLE_TODO)


def _expectations(episode: Episode) -> Checks:
    """Look whether RAM holds what the table expects at the first turn."""
    table, read = episode.cartridge.table, episode.emulator.read
    for expectation in table.start.expect:
        holds = expectation.when.bind(table.symbols)(read)
        yield judged("RAM at the start", holds, expectation.title, _TABLE_TODO)


def _nothing_reached(episode: Episode) -> Checks:
    """Look whether only those milestones hold that the start itself reaches, and no flag."""
    table = episode.cartridge.table
    reading = examine(table, episode.emulator.read)
    holding = [milestone.id for milestone in reading.milestones]
    is_so = sorted(holding) == sorted(table.start.reaches)
    detail = f"at the start: {', '.join(holding) or 'none'}"
    if not is_so:
        detail += f"; expected: {', '.join(table.start.reaches) or 'none'}"
    yield judged("milestones", is_so, detail, _TABLE_TODO)
    raised = "; ".join(flag.title for flag in reading.flags)
    yield judged("flags", not raised, f"at the start: {raised or 'none'}", _TABLE_TODO)


def _text(episode: Episode) -> Check:
    cartridge = episode.cartridge
    reader = reader_of(cartridge.table, cartridge.rom.data)
    situation = reader.situation(episode.emulator)
    lines = reader.read(episode.emulator).strip().splitlines()
    detail = f"{situation.scene}; {lines[0] if lines else 'nothing'}"
    return judged("screen in words", bool(lines), detail, _TABLE_TODO)


def _repeats(episode: Episode) -> Check:
    """Look whether power-on leads to the same machine again."""
    again = Episode(episode.cartridge, SEED, _BUDGET_FRAMES)
    is_same = again.emulator.state_hash() == episode.emulator.state_hash()
    again.close()
    detail = "power-on leads to the same machine" + ("" if is_same else " no more than once")
    return judged("determinism", is_same, detail, _EXACT_TODO)


def _restores(episode: Episode) -> Check:
    """Look whether a saved machine goes on as it would have, and leave it as it was."""
    emulator = episode.emulator
    machine, frames = emulator.save_state(), emulator.frames
    hashes = []
    for _ in range(2):
        for action in _PLAYED:
            emulator.step(action, *_timing(episode))
        hashes.append(emulator.state_hash())
        emulator.load_state(machine, frames, with_screen=True)
    is_exact = hashes[0] == hashes[1]
    clock = ", its clock stopped" if episode.cartridge.table.emulator.clock_locked else ""
    detail = (
        f"{len(_PLAYED)} steps after a saved state{clock}: {'equal' if is_exact else 'not equal'}"
    )
    return judged("save and restore", is_exact, detail, _EXACT_TODO)


def _walks(episode: Episode) -> Checks:
    """Look whether a step moves the player by one square, which is what its timing is for."""
    symbols = episode.cartridge.table.symbols
    if not {"x", "y"} <= set(symbols):
        return
    moves = list(_moves(episode))
    detail = f"{len(moves)} of {2 * len(_DIRECTIONS)} presses moved, by {sorted(set(moves)) or 0}"
    yield judged("walking", bool(moves) and set(moves) == {1}, detail, _TABLE_TODO)


def _moves(episode: Episode) -> Iterator[int]:
    """Press each direction twice, since the first press may only turn; yield how far each led."""
    emulator, symbols = episode.emulator, episode.cartridge.table.symbols
    for action in (action for action in _DIRECTIONS for _ in range(2)):
        before = [symbols[name].number(emulator.read) for name in ("x", "y")]
        emulator.step(action, *_timing(episode))
        after = [symbols[name].number(emulator.read) for name in ("x", "y")]
        distance = sum(abs(old - new) for old, new in zip(before, after, strict=True))
        if distance:
            yield distance


def _timing(episode: Episode) -> tuple[int, int]:
    timing = episode.cartridge.table.timing
    return timing.hold_frames, timing.step_frames
