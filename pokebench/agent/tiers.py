"""What an agent may see and use: one tier for each degree of help."""

from dataclasses import dataclass
from typing import Final, Literal

TierName = Literal["pixels", "text", "assisted", "open"]
PRESS: Final = "press_buttons"
NAVIGATE: Final = "navigate"
ADVANCE: Final = "advance_text"
MAP: Final = "map"
NOTES: Final = "write_notes"


@dataclass(frozen=True, slots=True)
class Tier:
    """A degree of help.

    Attributes:
        screen: the picture is shown.
        text: what it shows is told in words.
        view: the cells on screen are handed to the tools that know the map.
        tools: names of the tools.
    """

    screen: bool
    text: bool
    view: bool
    tools: tuple[str, ...]


_ALL_TOOLS: Final = (PRESS, NAVIGATE, ADVANCE, MAP, NOTES)
TIERS: Final[dict[TierName, Tier]] = {
    "pixels": Tier(screen=True, text=False, view=False, tools=(PRESS, NOTES)),
    "text": Tier(screen=True, text=True, view=False, tools=(PRESS, NOTES)),
    "assisted": Tier(screen=True, text=True, view=True, tools=_ALL_TOOLS),
    "open": Tier(screen=True, text=True, view=True, tools=_ALL_TOOLS),
}
"""The tiers by name. `open` is for harnesses of other people, who may do there whatever the public
API allows; models that our harness plays with get what `assisted` has."""
