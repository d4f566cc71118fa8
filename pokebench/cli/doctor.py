"""`pokebench doctor`: check this machine, and a game on one's own ROM."""

import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from pokebench.agent import agent_ids, load_card
from pokebench.cli.checks import Check, Checks, State, judged
from pokebench.cli.console import cache_folder, json_option, print_json, program, rom_option, talk
from pokebench.cli.rom import library
from pokebench.cli.selfcheck import self_check
from pokebench.emulator import EMULATOR_NAME, Emulator, EmulatorSettings, emulator_version
from pokebench.errors import ConfigError, PokebenchError
from pokebench.milestone import GameSpec, game_ids, identify, load_table, open_game
from pokebench.models.build import key_variable
from pokebench.rom import rom_in

_OLDEST_PYTHON: Final = (3, 11)
_LEAST_FREE_BYTES: Final = 1 << 30
_EXTRAS: Final = {
    "anthropic": ("anthropic", "models of Anthropic"),
    "openai": ("openai", "models of OpenAI, and servers that speak its protocol"),
    "video": ("av", "videos of runs"),
}
_WORLD: Final = "tallgrass:micro@1"


@click.command("doctor")
@click.option("--game", help="Also check this game (or PATH/TABLE.toml), on the ROM found for it.")
@rom_option
@json_option
def command(game: str | None, rom: Path | None, as_json: bool) -> None:
    """Check this machine; with --game or --rom, check a game from power-on to its first steps.

    Each line is ✔ or ✘ with what to do; a dot is a note. Exit code 1 if any line is ✘.
    """
    found: list[Check] = []
    for check in (*_machine(), *_game(game, rom)):
        found.append(check)
        if not as_json:
            _tell(check)
    bad = [check for check in found if check.state is State.BAD]
    if as_json:
        print_json({"good": not bad, "checks": [asdict(check) for check in found]})
    elif bad:
        talk.print(f"{len(bad)} of {len(found)} checks failed")
    if bad:
        raise click.exceptions.Exit(1)


def _tell(check: Check) -> None:
    click.echo(f"{check.state.mark} {check.name}: {check.detail}")
    if check.todo:
        click.echo(f"    → {check.todo}")


def _machine() -> Checks:
    version = platform.python_version()
    oldest = ".".join(map(str, _OLDEST_PYTHON))
    is_new = sys.version_info >= _OLDEST_PYTHON
    yield judged("Python", is_new, version, f"install Python {oldest} or newer")
    yield _emulator()
    yield from _extras()
    yield from _keys()
    yield from _disks()
    yield _tables()
    yield _frame()
    yield from _roms()


def _emulator() -> Check:
    here, pinned = emulator_version(), _pinned(EMULATOR_NAME)
    is_pinned = pinned in (None, here)
    detail = here if is_pinned else f"{here}, but runs are made with {pinned}"
    return judged("PyBoy", is_pinned, detail, f"pip install {EMULATOR_NAME}=={pinned}")


def _pinned(package: str) -> str | None:
    """Return the version of a package that this one asks for exactly."""
    wanted = importlib.metadata.requires("pokebench") or []
    matches = [re.match(rf"{package}==([0-9.]+)", line) for line in wanted]
    return next((match[1] for match in matches if match), None)


def _extras() -> Checks:
    for extra, (module, use) in _EXTRAS.items():
        if importlib.util.find_spec(module) is not None:
            version = importlib.metadata.version(module)
            yield Check(f"extra {extra}", State.GOOD, f"{version}, for {use}")
        else:
            todo = (
                f"pip install -c constraints.txt -e '.[{extra}]' in the checkout, if you want {use}"
            )
            yield Check(f"extra {extra}", State.NOTE, "not installed", todo)


def _keys() -> Checks:
    """Say which keys are set, and never what they are."""
    names: dict[str, list[str]] = {}
    for agent in agent_ids():
        model = load_card(agent).model
        name = key_variable(model.provider, model.api_key_env) if model else ""
        if name:
            names.setdefault(name, []).append(agent)
    for name, agents in names.items():
        users = ", ".join(agents)
        if os.environ.get(name):
            yield Check(f"key {name}", State.GOOD, f"is set (for {users})")
        else:
            yield Check(f"key {name}", State.NOTE, f"not set (for {users})", f"export {name}=…")


def _disks() -> Checks:
    for name, path in (("runs, in this folder", Path.cwd()), ("cache", cache_folder())):
        there = next(folder for folder in (path, *path.parents) if folder.exists())
        free = shutil.disk_usage(there).free
        is_writable = os.access(there, os.W_OK)
        detail = f"{free / (1 << 30):.1f} GiB free at {path}"
        detail += "" if is_writable else ", but it cannot be written"
        todo = "free some space, or work in another folder (POKEBENCH_CACHE moves the cache)"
        yield judged(f"disk for {name}", is_writable and free > _LEAST_FREE_BYTES, detail, todo)


def _tables() -> Check:
    try:
        games = [load_table(game_id) for game_id in game_ids()]
    except ConfigError as error:
        return Check(
            "game tables", State.BAD, str(error), "repair the table, or reinstall pokebench"
        )
    return Check("game tables", State.GOOD, f"{len(games)} games")


def _frame() -> Check:
    try:
        with Emulator(open_game(GameSpec.parse(_WORLD)).rom.data, EmulatorSettings()) as emulator:
            emulator.run(1, render=True)
            shape = emulator.screen().shape
    except PokebenchError as error:
        return Check("one frame", State.BAD, str(error), "reinstall pokebench and PyBoy")
    return Check(
        "one frame", State.GOOD, f"{_WORLD} runs and draws {shape[1]} by {shape[0]} pixels"
    )


def _roms() -> Checks:
    try:
        shelf = list(library().all())
    except PokebenchError as error:
        yield Check("ROMs", State.BAD, str(error), "see roms_README.md")
        return
    for found in shelf:
        identity = identify(rom_in(found.path))
        state = State.GOOD if identity.game else State.NOTE
        yield Check(f"ROM {found.path}", state, f"{identity.sentence} [{found.place}]")
    if not shelf:
        todo = f"{program()} rom add PATH, if you want to play a commercial game"
        yield Check("ROMs", State.NOTE, "none found; Tallgrass needs none", todo)


def _game(game: str | None, rom: Path | None) -> Checks:
    """Check a game: the one that is named, or that the ROM belongs to."""
    if game is None and rom is None:
        return
    if game is None and rom is not None:
        identity = identify(rom_in(rom))
        if identity.game is None:
            yield Check(f"ROM {rom}", State.BAD, identity.sentence, "see roms_README.md")
            return
        game = identity.game
    try:
        cartridge = open_game(GameSpec.asked(game or ""), rom)
    except ConfigError as error:
        yield Check("ROM", State.BAD, str(error), "see roms_README.md")
        return
    yield from self_check(cartridge)
