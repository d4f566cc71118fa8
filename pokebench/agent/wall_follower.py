"""The wall-follower: an explorer of a few rules, that knows only what its tier shows.

In a maze it keeps its right hand on the wall; now and then it lets go and walks off somewhere else.
Where its tier tells in words what is on the screen, it turns to people, doors and boxes that it has
not met yet when it has them in a straight line. In dialogues, menus and battles it presses A, now
and then B. It reads no memory, knows no map and no goal: what it reaches can be reached without
understanding.
"""

from dataclasses import asdict, dataclass, field
from typing import Final

import numpy as np

from pokebench.agent.model_card import HarnessPart
from pokebench.agent.sight import Thing, is_walking, things_in_line
from pokebench.agent.toolbox import Toolbox
from pokebench.types import Action, Effect, JsonObject, Observation, Turn

_CLOCKWISE: Final = (Action.UP, Action.RIGHT, Action.DOWN, Action.LEFT)
_HANDS: Final = (1, 0, -1, 2)
"""Quarter turns to the right, in the order in which they are tried: right, ahead, left, back."""
_CURIOUS_OF: Final = "P!DM>SO"
"""People, boxes, doors, mats, stairs, signs and pads, as the map in words draws them."""
_FORGET: Final = 1 / 100
"""How likely a step makes it forget what it has met, so that it meets all of it anew."""
_LET_GO: Final = 1 / 12
"""How likely a step lets go of the wall."""
_TALK: Final = 1 / 4
"""How likely something solid that was walked into is talked to, by who cannot read what it is."""
_BACK_OUT: Final = 1 / 5
"""How likely B is pressed instead of A, to leave menus and shops."""


@dataclass(slots=True)
class _Mind:
    """What it remembers.

    Attributes:
        heading: where it goes, as an index of `_CLOCKWISE`.
        tries: directions tried since the last step, of `_HANDS`.
        is_hugging: it keeps to a wall; else it walks straight ahead until it meets one.
        circling: steps in a row to the right, as around nothing.
        is_barred: something solid was just walked into, and is faced.
        is_busy: a dialogue, menu or battle is open, as far as can be told.
        last: the button pressed last, or None.
        met: names of things it turned to.
    """

    heading: int = 0
    tries: int = 0
    is_hugging: bool = False
    circling: int = 0
    is_barred: bool = False
    is_busy: bool = True
    last: int | None = None
    met: list[str] = field(default_factory=list)


class WallFollower:
    """Explores, alike for equal seeds."""

    def __init__(self, seed: int, toolbox: Toolbox, harness: HarnessPart) -> None:
        """Draw from a generator that `seed` starts.

        Args:
            seed: starts the generator.
            toolbox: presses the buttons.
            harness: the tier.
        """
        self._generator = np.random.Generator(np.random.PCG64(seed))
        self._toolbox = toolbox
        self._mind = _Mind()
        self._reads = harness.allows.text

    def act(self, observation: Observation) -> Turn:
        """Return one press, by what the last one did and what is in sight."""
        self._toolbox.see(observation)
        self._learn(observation)
        action = self._press_on() if self._mind.is_busy else self._explore(observation.text or "")
        self._mind.last = int(action)
        return self._toolbox.press(action)

    def state(self) -> JsonObject:
        """Return the generator's state and all that is remembered."""
        return {"generator": self._generator.bit_generator.state, "mind": asdict(self._mind)}

    def restore(self, state: JsonObject) -> None:
        """Take both back."""
        self._generator.bit_generator.state = state["generator"]
        self._mind = _Mind(**state["mind"])

    def _learn(self, observation: Observation) -> None:
        """Take in what the last press did."""
        mind = self._mind
        effects = observation.trace.effects if observation.trace else ()
        effect = effects[-1] if effects else None
        if effect is Effect.MOVED:
            self._note_step()
        elif effect in (Effect.TURNED, Effect.NOTHING) and mind.last in _CLOCKWISE:
            self._note_wall()
        if self._reads and observation.text is not None:
            mind.is_busy = not is_walking(observation.text)
        elif effect is not None:
            mind.is_busy = effect is Effect.CHANGED

    def _note_step(self) -> None:
        """Go on along the wall; let go of it by chance, or if there is none."""
        mind = self._mind
        if mind.is_hugging:
            mind.heading = self._wanted()
            mind.circling = mind.circling + 1 if mind.tries == 0 else 0
        mind.tries, mind.is_barred = 0, False
        if self._chance(_FORGET):
            mind.met.clear()
        if mind.circling >= len(_CLOCKWISE):
            mind.is_hugging = False
        elif mind.is_hugging and self._chance(_LET_GO):
            mind.is_hugging = False
            mind.heading = int(self._generator.integers(len(_CLOCKWISE)))

    def _note_wall(self) -> None:
        """Try the next direction; who walked straight ahead gets the wall on the right hand."""
        mind = self._mind
        mind.is_barred = True
        if mind.is_hugging:
            mind.tries = (mind.tries + 1) % len(_HANDS)
        else:
            mind.heading = (mind.heading - 1) % len(_CLOCKWISE)
            mind.is_hugging, mind.tries, mind.circling = True, 1, 0

    def _press_on(self) -> Action:
        """Return a button for a dialogue, a menu or a battle.

        Who cannot read presses a direction after each A: where the dialogue is over, that leads
        away, and does not begin it again.
        """
        if not self._reads and self._mind.last == Action.A:
            return _CLOCKWISE[int(self._generator.integers(len(_CLOCKWISE)))]
        return Action.B if self._chance(_BACK_OUT) else Action.A

    def _explore(self, text: str) -> Action:
        """Return a step or a press: to something new that is in sight, else along the wall."""
        thing = self._something_new(text)
        return self._turn_to(thing) if thing is not None else self._feel_along()

    def _something_new(self, text: str) -> Thing | None:
        """Return the nearest thing in a straight line that it has not met."""
        seen = [
            thing
            for thing in things_in_line(text)
            if thing.glyph in _CURIOUS_OF and thing.name not in self._mind.met
        ]
        return min(seen, key=lambda thing: thing.distance, default=None)

    def _turn_to(self, thing: Thing) -> Action:
        """Go towards it; where it bars the way, talk to it. Beside it, it counts as met."""
        mind = self._mind
        is_faced = mind.is_barred and mind.last == thing.way
        mind.heading, mind.is_hugging, mind.is_barred = _CLOCKWISE.index(thing.way), False, False
        if thing.distance == 1 and (is_faced or thing.glyph in "DM>O"):
            mind.met.append(thing.name)
        return Action.A if is_faced else thing.way

    def _feel_along(self) -> Action:
        """Return the direction to try, or A to talk to what bars the way."""
        mind = self._mind
        if mind.is_barred:
            mind.is_barred = False
            if not self._reads and self._chance(_TALK):
                return Action.A
        return _CLOCKWISE[self._wanted()]

    def _wanted(self) -> int:
        mind = self._mind
        turn = _HANDS[mind.tries] if mind.is_hugging else 0
        return (mind.heading + turn) % len(_CLOCKWISE)

    def _chance(self, likelihood: float) -> bool:
        return bool(self._generator.random() < likelihood)
