"""Does this machine have what a run was made with? Asked before verifying and before resuming."""

from pathlib import Path

from pokebench.emulator import EMULATOR_NAME, emulator_version
from pokebench.errors import ConfigError, DesyncError
from pokebench.milestone import Cartridge, GameSpec, Generated, open_game
from pokebench.milestone.tables import load_hashed_table
from pokebench.rom import Rom
from pokebench.trajectory import Manifest
from pokebench.types import JsonObject


def own_cartridge(
    manifest: Manifest,
    rom_path: Path | None,
    table_path: Path | None = None,
    generated: Generated | None = None,
) -> Cartridge:
    """Return one's own cartridge after checking that the run was made with the same.

    Args:
        manifest: what the run says; it names a game, and never a file.
        rom_path: one's own ROM, for games that are not generated.
        table_path: one's own table, for runs of the game that it is of.
        generated: what generating the same game gave before; it is used if its ROM is the run's.

    Raises:
        ConfigError: the game, ROM or emulator is not here.
        DesyncError: the manifest names another ROM, table, timing or setting.
    """
    _check_emulator(manifest)
    is_own = table_path is not None and table_path.stem == manifest.game.spec
    spec = (
        GameSpec.of_table(table_path)
        if table_path and is_own
        else GameSpec.parse(manifest.game.spec)
    )
    if generated is not None and Rom.of(generated.rom).sha1 != manifest.game.rom_sha1:
        generated = None
    cartridge = open_game(spec, rom_path, generated)
    _check_agent(manifest)
    _check_facts(manifest, _facts(cartridge))
    return cartridge


def cartridge_without_rom(manifest: Manifest) -> Cartridge:
    """Return the cartridge of a run whose ROM is not here: by one's own table, without a byte.

    Nothing can be played on it; it says by which rules a record was made.

    Raises:
        ConfigError: the game or emulator is not here.
        DesyncError: the manifest names a ROM that the table does not list, another table, timing or
            setting, or a game that is generated, whose ROM anybody can make.
    """
    _check_emulator(manifest)
    spec = GameSpec.parse(manifest.game.spec)
    table, digest = load_hashed_table(spec.game)
    if table.game.generated or manifest.game.rom_sha1 not in {dump.sha1 for dump in table.rom}:
        raise DesyncError(
            f"manifest.json game.rom_sha1: {manifest.game.rom_sha1} is no ROM of {spec} that "
            "somebody may own and the verifier may not"
        )
    titles = {milestone.id: milestone.title for milestone in table.milestones}
    rom = Rom(b"", manifest.game.rom_sha1)
    cartridge = Cartridge(spec, table, digest, rom, table.milestones, titles)
    _check_agent(manifest)
    facts = _facts(cartridge)
    del facts["game.rom_bytes"]
    _check_facts(manifest, facts)
    return cartridge


def _check_emulator(manifest: Manifest) -> None:
    if (manifest.emulator.name, manifest.emulator.version) != (EMULATOR_NAME, emulator_version()):
        raise ConfigError(
            f"recorded with {manifest.emulator.name} {manifest.emulator.version}; this is "
            f"{EMULATOR_NAME} {emulator_version()}. Install that version to verify: runs are exact "
            "for one version only"
        )


def _check_facts(manifest: Manifest, facts: dict[str, object]) -> None:
    for name, value in facts.items():
        part, _, key = name.partition(".")
        recorded = getattr(getattr(manifest, part), key)
        if recorded != value:
            raise DesyncError(
                f"manifest.json {name}: recorded {recorded}, here {value}; the run was made with "
                "another ROM, table or version of pokebench"
            )


def _check_agent(manifest: Manifest) -> None:
    """Refuse a manifest whose agent contradicts its own card.

    Raises:
        DesyncError: it does.
    """
    agent, card = manifest.agent, manifest.agent.card
    is_consistent = (
        card.get("id") == agent.id
        and card.get("privileged") == agent.privileged
        and _tier_of(card) == manifest.tier
        and (agent.privileged or card.get("adapter") != "oracle")
    )
    if not is_consistent:
        raise DesyncError("manifest.json agent: it contradicts the card that it carries")


def _tier_of(card: JsonObject) -> object:
    """Return the tier that a card states; cards of the first runs named an observation instead."""
    if "observation" in card:
        return card["observation"]
    harness = card.get("harness")
    tier = harness.get("tier") if isinstance(harness, dict) else None
    return "none" if card.get("adapter") in ("random", "oracle", "replay") else tier


def _facts(cartridge: Cartridge) -> dict[str, object]:
    """Return what a manifest says of its cartridge, by the name it has there."""
    table, start = cartridge.table, cartridge.table.start
    return {
        "game.rom_sha1": cartridge.rom.sha1,
        "game.rom_bytes": len(cartridge.rom.data),
        "game.table_sha256": cartridge.table_sha256,
        "game.spec": str(cartridge.spec),
        "game.id": table.game.id,
        "game.title": table.game.title,
        "game.milestones": tuple(milestone.id for milestone in cartridge.milestones),
        "emulator.sound_emulated": table.emulator.sound_emulated,
        "emulator.cgb": table.emulator.cgb,
        "emulator.clock_locked": table.emulator.clock_locked,
        "timing.step_frames": table.timing.step_frames,
        "timing.hold_frames": table.timing.hold_frames,
        "timing.boot_frames": start.boot_frames,
        "timing.max_idle_frames": start.max_idle_frames,
    }
