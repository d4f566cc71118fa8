"""The milestones of a world: the same set for every world of a preset, told in its names."""

from pokebench.tallgrass.format import MilestoneBit
from pokebench.tallgrass.generator.setting import Setting

_EVOLUTION_AFTER_BADGE = 1


def list_milestones(setting: Setting) -> None:
    """Add the milestones in the order in which a player is expected to reach them."""
    _list_first_steps(setting)
    journey = setting.journey
    for index in range(setting.builder.preset.badges):
        town = journey.towns[index + 1]
        gate = journey.gates[index]
        if gate is not None and gate.quest is not None:
            _add(
                setting,
                MilestoneBit.QUEST,
                gate.quest.number,
                f"{gate.quest.thing} from {gate.quest.cave}",
            )
        _add(setting, MilestoneBit.TOWN, index, f"Arrival in {town}")
        _add(setting, MilestoneBit.BADGE, index, f"Badge of {town}")
        if setting.builder.preset.has_evolution and index + 1 == _EVOLUTION_AFTER_BADGE:
            setting.builder.milestone(MilestoneBit.EVOLUTION, "evolution", "First evolution")
    title = f"Victory over Champion {journey.champion}"
    setting.builder.milestone(MilestoneBit.CHAMPION, "champion", title)


def _list_first_steps(setting: Setting) -> None:
    builder = setting.builder
    builder.milestone(MilestoneBit.NEW_GAME, "new_game", "New game")
    elder = setting.journey.elder
    builder.milestone(MilestoneBit.STARTER, "starter", f"First creature, from {elder}")
    builder.milestone(MilestoneBit.FIRST_WIN, "first_win", "First battle won")
    builder.milestone(MilestoneBit.FIRST_HEAL, "first_heal", "First night in a rest house")
    builder.milestone(MilestoneBit.FIRST_CATCH, "first_catch", "First creature tamed")


def _add(setting: Setting, first: MilestoneBit, index: int, title: str) -> None:
    """Add the milestone `index` of a row of bits; ids count from 1."""
    setting.builder.milestone(first + index, f"{first.name.lower()}_{index + 1}", title)
