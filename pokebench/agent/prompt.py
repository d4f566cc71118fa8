"""What a model is told: the system prompt of its tier, and the question for a hand-over."""

import re
from typing import Final

from pokebench.agent.card import AgentCard
from pokebench.agent.tiers import ADVANCE, MAP, NAVIGATE, NOTES
from pokebench.content import content_dir, read_bytes
from pokebench.errors import ConfigError

_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_ASSISTED: Final = {NAVIGATE, ADVANCE, MAP}


def system_prompt(card: AgentCard, manual: str | None, task: str | None = None) -> str:
    """Return the system prompt of a card.

    Args:
        card: the agent.
        manual: the world's manual, if there is one; it is used when the card's book is open.
        task: what is asked for, if not the whole game.

    Raises:
        ConfigError: a prompt is missing or has a placeholder that there is not, or the book is to
            be open and the game has none.
    """
    harness, tier = card.harness, card.harness.allows
    if harness.book == "open" and manual is None:
        raise ConfigError(f'agent {card.id}: book = "open", but this game has no manual')
    names = card.context.tools_of(tier)
    parts = ["tools_base"]
    parts += ["tools_assisted"] if _ASSISTED & set(names) else []
    parts += ["tools_notes"] if NOTES in names else []
    sight = "sight" + "_screen" * tier.screen + "_text" * tier.text
    values = _limits(card)
    words = {
        "sight": _part(sight, values),
        "tools": "\n".join(_part(part, values) for part in parts),
        "memory": _part(f"memory_{card.context.mode}", values),
        "task": "\n" + _part("task", {"task_text": task}) + "\n" if task else "",
        "manual": _part("manual", {"manual_text": manual or ""}) if harness.book == "open" else "",
    }
    return _filled(harness.prompt, _read(harness.prompt), words).strip() + "\n"


def handover_question(card: AgentCard) -> str:
    """Return the question for a hand-over, with which a new context begins.

    Raises:
        ConfigError: the prompt is missing or has a placeholder that there is not.
    """
    keeps_notes = NOTES in card.context.tools_of(card.harness.allows)
    values = _limits(card) | {"and_notes": " and your notes" if keeps_notes else ""}
    return _part("handover", values)


def _limits(card: AgentCard) -> dict[str, str]:
    return {
        "max_buttons": str(card.harness.max_buttons),
        "notes_characters": str(card.harness.notes_characters),
        "segment_turns": str(card.context.segment_turns),
        "handover_characters": str(card.context.handover_characters),
    }


def _part(name: str, values: dict[str, str]) -> str:
    return _filled(f"parts/{name}", _read(f"parts/{name}"), values).strip("\n")


def _read(name: str) -> str:
    return read_bytes(content_dir("agents") / "prompts" / f"{name}.md", "prompt").decode()


def _filled(name: str, text: str, values: dict[str, str]) -> str:
    """Return `text` with its placeholders filled, in one pass: what is filled in stays as it is."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            known = ", ".join(sorted(values))
            raise ConfigError(f"prompt {name}.md: {match[0]} is none of its placeholders: {known}")
        return values[match[1]]

    return _PLACEHOLDER.sub(value, text)
