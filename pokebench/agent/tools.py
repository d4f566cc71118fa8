"""The tools as a model is offered them, and the strict reading of what it calls them with."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pokebench.agent.tiers import ADVANCE, MAP, NAVIGATE, NOTES, PRESS
from pokebench.agent.toolbox import Toolbox, ToolError
from pokebench.agent.words import bounded, quoted
from pokebench.models.protocol import ToolCall, ToolSpec
from pokebench.types import Action, Turn

BUTTONS: Final = {action.name.lower(): action for action in Action}
_LARGEST_CELL: Final = 1000


@dataclass(frozen=True, slots=True)
class NewNotes:
    """Notes in place of the old ones."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool tells without the game going on."""

    text: str


def tool_specs(
    names: tuple[str, ...], max_buttons: int, notes_characters: int
) -> tuple[ToolSpec, ...]:
    """Return the tools by their names, the same for every provider.

    Args:
        names: which.
        max_buttons: buttons that one call may press.
        notes_characters: length that notes may have.
    """
    buttons = {
        "type": "array",
        "items": {"type": "string", "enum": list(BUTTONS)},
        "description": f"1 to {max_buttons} buttons, pressed in this order",
    }
    notes = {"type": "string", "description": f"at most {notes_characters} characters"}
    column = {"type": "integer", "description": "column, counted to the right from 0"}
    row = {"type": "integer", "description": "row, counted down from 0"}
    specs: dict[str, tuple[str, dict[str, Any]]] = {
        PRESS: ("Press buttons on the console; `wait` lets a moment pass.", {"buttons": buttons}),
        NAVIGATE: (
            "Walk to a cell of the place you are in, by a way over cells that you have seen. "
            "A cell that cannot be entered is walked up to and faced.",
            {"column": column, "row": row},
        ),
        ADVANCE: ("Read on through the text on screen; stops at a choice or at its end.", {}),
        MAP: ("Show what you have seen of this place. This does not advance the game.", {}),
        NOTES: ("Replace your notes. This does not advance the game.", {"text": notes}),
    }
    return tuple(
        ToolSpec(name, words, _object(properties))
        for name, (words, properties) in specs.items()
        if name in names
    )


class ToolCalls:
    """Reads a model's calls and does them with a toolbox."""

    def __init__(self, toolbox: Toolbox, names: tuple[str, ...], notes_characters: int) -> None:
        """Read calls of the tools `names`."""
        known: dict[str, Callable[[dict[str, Any], str], Turn | NewNotes | Answer]] = {
            PRESS: self._press,
            NAVIGATE: self._navigate,
            ADVANCE: self._advance,
            MAP: self._map,
            NOTES: self._notes,
        }
        self._readers = {name: reader for name, reader in known.items() if name in names}
        self._toolbox = toolbox
        self._notes_characters = notes_characters

    def do(self, call: ToolCall, words: str) -> Turn | NewNotes | Answer:
        """Return what a call asks for, if it is exactly of its tool's form.

        Args:
            call: the call.
            words: what the model said with it.

        Raises:
            ToolError: it is not, or cannot be done; the message tells the model why.
        """
        reader = self._readers.get(call.name)
        if reader is None:
            tools = ", ".join(self._readers)
            raise ToolError(f"there is no tool {quoted(call.name)}; there are {tools}")
        return reader(_arguments(call.arguments), words)

    def _press(self, arguments: dict[str, Any], words: str) -> Turn:
        buttons = arguments.get("buttons")
        if set(arguments) != {"buttons"} or not isinstance(buttons, list):
            raise ToolError('the arguments must be {"buttons": [ ... ]} and nothing else')
        for button in buttons:
            if not isinstance(button, str) or button not in BUTTONS:
                names = ", ".join(BUTTONS)
                raise ToolError(f"{quoted(str(button))} is no button; buttons are {names}")
        return self._toolbox.press(*(BUTTONS[button] for button in buttons), text=words)

    def _navigate(self, arguments: dict[str, Any], words: str) -> Turn:
        cell = [arguments.get(name) for name in ("column", "row")]
        if set(arguments) != {"column", "row"} or not all(type(number) is int for number in cell):
            raise ToolError('the arguments must be {"column": number, "row": number}')
        column, row = (
            max(-_LARGEST_CELL, min(number, _LARGEST_CELL)) for number in cell if number is not None
        )
        return self._toolbox.navigate(column, row, text=words)

    def _advance(self, arguments: dict[str, Any], words: str) -> Turn:
        _check_empty(arguments)
        return self._toolbox.advance_text(text=words)

    def _map(self, arguments: dict[str, Any], _words: str) -> Answer:
        _check_empty(arguments)
        return Answer(self._toolbox.map())

    def _notes(self, arguments: dict[str, Any], _words: str) -> NewNotes:
        text = arguments.get("text")
        if set(arguments) != {"text"} or not isinstance(text, str):
            raise ToolError('the arguments must be {"text": "..."} and nothing else')
        most = self._notes_characters
        if len(text) > most:
            raise ToolError(f"notes may have {most} characters; these have {len(text)}")
        return NewNotes(bounded(text, most))


def _arguments(raw: str) -> dict[str, Any]:
    try:
        arguments = json.loads(raw)
    except (ValueError, RecursionError):
        raise ToolError("the arguments are not valid JSON") from None
    if not isinstance(arguments, dict):
        raise ToolError("the arguments must be a JSON object")
    return arguments


def _check_empty(arguments: dict[str, Any]) -> None:
    if arguments:
        raise ToolError("this tool takes no arguments: {}")


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
