"""The oracle itself: from the state block to the next presses."""

from typing import Final

from pokebench.agent.oracle.errand import Errand, ErrandKind, Memory
from pokebench.agent.oracle.fighter import BattleChooser
from pokebench.agent.oracle.menu import pick
from pokebench.agent.oracle.outlook import Outlook
from pokebench.agent.oracle.planner import Planner
from pokebench.agent.oracle.shopper import Shopper
from pokebench.agent.oracle.walker import Walker
from pokebench.tallgrass.duel import Duels
from pokebench.tallgrass.format import MilestoneBit
from pokebench.tallgrass.rom import WorldRom
from pokebench.tallgrass.state import (
    ASKING,
    NOTHING,
    STATE_ADDRESS,
    STATE_SIZE,
    Mode,
    State,
    decode,
)
from pokebench.tallgrass.terrain import Atlas, Cell
from pokebench.types import Action, JsonObject, Observation, RamPort, Turn

MAX_STALLS: Final = 6
"""Turns without a step after which an errand counts as failed."""
MAX_PACES: Final = 120
"""Turns of pacing without meeting anything after which a hunting ground counts as empty."""
MAX_WAITS: Final = 300
"""Turns of waiting after which the oracle gives up."""
WAITING: Final = Turn((Action.WAIT,))


class Oracle:
    """Plays Tallgrass to its end from perfect knowledge.

    Args:
        ram: reads the console's memory.
        rom: the world's ROM.

    Raises:
        RomError: `rom` holds no world.
    """

    def __init__(self, ram: RamPort, rom: bytes) -> None:
        self._ram = ram
        world = WorldRom(rom)
        duels = Duels(world)
        self._atlas = Atlas(world)
        self._fighter = BattleChooser(world, duels)
        self._shopper = Shopper(world)
        self._walker = Walker(world, self._atlas, ram)
        outlook = Outlook(world, duels)
        self._planner = Planner(world, self._atlas, outlook, self._shopper, self._walker)
        self._memory = Memory()

    def act(self, observation: Observation) -> Turn:
        """Return the next presses; a turn without any says that the game is finished.

        Args:
            observation: not looked at; the state block says it all.
        """
        state = decode(self._ram.read(STATE_ADDRESS, STATE_SIZE))
        if not state.is_valid or not state.ready:
            return self._wait("the game does not answer")
        self._memory.waits = 0
        if state.mode == Mode.WORLD:
            return self._act_in_world(state)
        self._memory.route = []
        self._memory.paces = 0
        return Turn(self._act_in_menus(state))

    def state(self) -> JsonObject:
        """Return the memory as JSON values."""
        return self._memory.to_json()

    def restore(self, state: JsonObject) -> None:
        """Take back a memory that `state` returned."""
        self._memory = Memory.from_json(state)

    def _wait(self, reason: str) -> Turn:
        self._memory.waits += 1
        if self._memory.waits > MAX_WAITS:
            return Turn((), f"stuck: {reason}")
        return WAITING

    def _act_in_menus(self, state: State) -> tuple[Action, ...]:
        match state.mode:
            case Mode.BATTLE:
                return self._fighter.act(state, is_training=self._is_training)
            case Mode.TEXT if state.sub == ASKING:
                return self._answer(state)
            case Mode.MENU if state.script_id != NOTHING:
                return self._shopper.act(state)
            case Mode.MENU:
                return (Action.B,)
            case _:
                return (Action.A,)

    @property
    def _is_training(self) -> bool:
        errand = self._memory.errand
        return errand is not None and errand.kind == ErrandKind.HUNT

    def _answer(self, state: State) -> tuple[Action, ...]:
        """Answer a question as the errand wants it; yes, if it is none of the errand's."""
        memory = self._memory
        answers = memory.errand.answers if memory.errand else ()
        says_yes = answers[memory.questions] if memory.questions < len(answers) else True
        memory.questions += 1
        return pick(state, 0 if says_yes else 1)

    def _act_in_world(self, state: State) -> Turn:
        memory = self._memory
        memory.questions = 0
        if state.has_milestone(MilestoneBit.CHAMPION):
            return Turn((), "done: the champion is beaten")
        note = ""
        if not self._is_on_route(state):
            if not self._planner.choose(state, memory) or memory.errand is None:
                return self._wait("nothing that would help is in reach")
            note = memory.errand.note
        self._count_stall(state)
        errand = memory.errand
        if errand is None:
            return WAITING
        actions = self._follow(state, errand)
        return Turn(actions, note) if actions else WAITING

    def _is_on_route(self, state: State) -> bool:
        """Return whether the errand still holds and there is something left of it to do."""
        memory = self._memory
        here = self._atlas.cell(*state.position)
        if memory.errand is None or here not in memory.route:
            return False
        del memory.route[: memory.route.index(here)]
        return len(memory.route) > 1 or not memory.errand.ends_on_arrival

    def _count_stall(self, state: State) -> None:
        """Give an errand up for now when many turns bring nothing."""
        memory = self._memory
        memory.stalls = memory.stalls + 1 if memory.steps == state.steps else 0
        memory.steps = state.steps
        is_in_vain = memory.stalls > MAX_STALLS or memory.paces > MAX_PACES
        if is_in_vain and memory.errand is not None:
            memory.count_attempt(memory.errand.key)
            memory.stalls = memory.paces = 0
            memory.drop_errand()

    def _follow(self, state: State, errand: Errand) -> tuple[Action, ...]:
        """Go on along the route; at its end, do what the errand is for."""
        memory = self._memory
        if len(memory.route) > 1:
            return self._walker.walk(state, memory.route)
        if errand.kind == ErrandKind.HUNT:
            memory.paces += 1
            return self._walker.pace(errand.cell)
        return self._carry_out(state, errand, memory.route[0])

    def _carry_out(self, state: State, errand: Errand, here: Cell) -> tuple[Action, ...]:
        memory = self._memory
        memory.count_attempt(errand.key)
        memory.route = []
        if errand.facing is not None:
            return self._walker.face_and_talk(state, errand.facing)
        beside = self._walker.beside(here)
        if beside is not None:
            memory.route = [beside, here]
            return self._walker.walk(state, [here, beside])
        return ()
