"""The tools that a model plays with, and the strict reading of what it calls them with."""

import json
from dataclasses import dataclass
from typing import Any, Final

from pokebench.models.protocol import ToolCall, ToolSpec
from pokebench.types import Action

PRESS: Final = "press_buttons"
NOTES: Final = "write_notes"
BUTTONS: Final = {action.name.lower(): action for action in Action}


@dataclass(frozen=True, slots=True)
class Press:
    """A list of buttons to press."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class WriteNotes:
    """New notes in place of the old ones."""

    text: str


class UnusableCallError(Exception):
    """A tool call that cannot be done; the message is for the model."""


def tool_specs(max_buttons: int, notes_characters: int) -> tuple[ToolSpec, ...]:
    """Return the tools, the same for every provider.

    Args:
        max_buttons: buttons that one call may press.
        notes_characters: length that notes may have.
    """
    button = {"type": "string", "enum": list(BUTTONS)}
    press = _object(
        buttons={
            "type": "array",
            "items": button,
            "description": f"1 to {max_buttons} buttons, pressed in this order",
        }
    )
    notes = _object(
        text={"type": "string", "description": f"at most {notes_characters} characters"}
    )
    return (
        ToolSpec(PRESS, "Press buttons on the console; `wait` lets a moment pass.", press),
        ToolSpec(NOTES, "Replace your notes. This does not advance the game.", notes),
    )


def parse_call(call: ToolCall, max_buttons: int, notes_characters: int) -> Press | WriteNotes:
    """Return what a call asks for, if it is exactly of its tool's form.

    Raises:
        UnusableCallError: it is not; the message tells the model why.
    """
    arguments = _arguments(call.arguments)
    if call.name == PRESS:
        return Press(_buttons(arguments, max_buttons))
    if call.name == NOTES:
        return WriteNotes(_notes(arguments, notes_characters))
    raise UnusableCallError(f"there is no tool {call.name[:60]!r}; use {PRESS} or {NOTES}")


def _arguments(raw: str) -> dict[str, Any]:
    try:
        arguments = json.loads(raw)
    except (ValueError, RecursionError):
        raise UnusableCallError("the arguments are not valid JSON") from None
    if not isinstance(arguments, dict):
        raise UnusableCallError("the arguments must be a JSON object")
    return arguments


def _buttons(arguments: dict[str, Any], most: int) -> tuple[Action, ...]:
    buttons = arguments.get("buttons")
    if set(arguments) != {"buttons"} or not isinstance(buttons, list):
        raise UnusableCallError('the arguments must be {"buttons": [ … ]} and nothing else')
    if not 1 <= len(buttons) <= most:
        raise UnusableCallError(f"press 1 to {most} buttons in one call, not {len(buttons)}")
    unknown = [button for button in buttons if not isinstance(button, str) or button not in BUTTONS]
    if unknown:
        names = ", ".join(BUTTONS)
        raise UnusableCallError(f"{str(unknown[0])[:40]!r} is no button; buttons are {names}")
    return tuple(BUTTONS[button] for button in buttons)


def _notes(arguments: dict[str, Any], most: int) -> str:
    text = arguments.get("text")
    if set(arguments) != {"text"} or not isinstance(text, str):
        raise UnusableCallError('the arguments must be {"text": "…"} and nothing else')
    if len(text) > most:
        raise UnusableCallError(f"notes may have {most} characters; these have {len(text)}")
    return text


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
