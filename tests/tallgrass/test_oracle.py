import json

import pytest

from pokebench.agent.oracle import Oracle
from pokebench.agent.oracle.errand import Errand, ErrandKind, Memory
from pokebench.agent.oracle.fighter import BattleChooser, Choice, Kind
from pokebench.agent.oracle.menu import pick
from pokebench.agent.protocol import Agent
from pokebench.tallgrass.duel import Duels
from pokebench.tallgrass.format import MilestoneBit, Op
from pokebench.tallgrass.rom import WorldRom
from pokebench.tallgrass.state import ASKING, Battle, Mode, Submode, decode
from pokebench.types import Observation, letters_of
from tests.tallgrass.block import FixedMemory, bits, block, creature, party
from tests.tallgrass.sketch import Npc, Sketch, Trigger, Warp, champion

NOTHING_SEEN = Observation()
CAUGHT = bits([MilestoneBit.FIRST_CATCH], 8)


@pytest.fixture(scope="module")
def bare_rom() -> bytes:
    sketch = Sketch(trainers=[[(1, 5)]])
    sketch.map("####\n#@.#\n####")
    return sketch.pack()


@pytest.fixture(scope="module")
def duels(bare_rom: bytes) -> Duels:
    return Duels(WorldRom(bare_rom))


@pytest.fixture(scope="module")
def chooser(bare_rom: bytes) -> BattleChooser:
    return BattleChooser(WorldRom(bare_rom), Duels(WorldRom(bare_rom)))


def presses(rom: bytes, data: bytes, cells: bytes = b"") -> str:
    return letters_of(Oracle(FixedMemory(data, cells), rom).act(NOTHING_SEEN).actions)


def place(x: int, y: int, facing: int = 0) -> dict[str, int | bytes]:
    return {"x": x, "y": y, "facing": facing}


def test_the_oracle_is_an_agent(bare_rom: bytes) -> None:
    assert isinstance(Oracle(FixedMemory(block()), bare_rom), Agent)


def test_it_waits_until_the_game_is_ready(bare_rom: bytes) -> None:
    assert presses(bare_rom, block(ready=0)) == "."
    assert presses(bare_rom, bytes(len(block()))) == "."


def test_it_gives_up_when_the_game_never_answers(bare_rom: bytes) -> None:
    oracle = Oracle(FixedMemory(block(ready=0)), bare_rom)

    turns = [oracle.act(NOTHING_SEEN) for _ in range(301)]

    assert turns[-2].actions
    assert not turns[-1].actions
    assert "stuck" in turns[-1].text


def test_it_waits_when_nothing_is_left_to_do(bare_rom: bytes) -> None:
    assert presses(bare_rom, block(**place(1, 1))) == "."


def test_it_ends_after_the_champion(bare_rom: bytes) -> None:
    data = block(milestones=bits([MilestoneBit.CHAMPION], 8), **place(1, 1))

    assert presses(bare_rom, data) == ""


def test_texts_are_read_on_and_the_title_is_begun(bare_rom: bytes) -> None:
    assert presses(bare_rom, block(mode=Mode.TEXT, script_id=0)) == "A"
    assert presses(bare_rom, block(mode=Mode.TITLE, menu_count=1)) == "A"
    assert presses(bare_rom, block(mode=Mode.MENU)) == "B"


def test_it_walks_to_somebody_and_speaks() -> None:
    sketch = Sketch()
    sketch.map("######\n#@..c#\n######", c=champion(sketch))
    rom = sketch.pack()

    assert presses(rom, block(**place(1, 1))) == "RR"
    assert presses(rom, block(**place(3, 1, 3))) == "A"
    assert presses(rom, block(**place(3, 1, 0))) == "RA"


def test_a_long_way_is_walked_in_turns_of_eight() -> None:
    sketch = Sketch()
    sketch.map("#" * 14 + "\n#@..........c#\n" + "#" * 14, c=champion(sketch))

    assert presses(sketch.pack(), block(**place(1, 1))) == "R" * 8


def test_a_turn_ends_at_a_warp() -> None:
    sketch = Sketch()
    sketch.map("#####\n#@.w#\n#####", w=Warp(1, 1, 1))
    sketch.map("#####\n#..c#\n#####", c=champion(sketch))

    assert presses(sketch.pack(), block(**place(1, 1))) == "RR"


def test_a_turn_ends_at_a_trigger() -> None:
    sketch = Sketch()
    trigger = Trigger(sketch.script((Op.SET, 3)), 3)
    sketch.map("#######\n#@.t.c#\n#######", t=trigger, c=champion(sketch))

    assert presses(sketch.pack(), block(**place(1, 1))) == "RR"


def test_a_bush_is_cut_before_it_is_entered() -> None:
    sketch = Sketch()
    sketch.map("#####\n#@bc#\n#####", c=champion(sketch))
    rom = sketch.pack()
    cells = WorldRom(rom).maps[0].cells
    cut = cells[:7] + b"\0" + cells[8:]

    assert presses(rom, block(keys=1, map_width=5, **place(1, 1)), cells) == "RA"
    assert presses(rom, block(keys=1, map_width=5, **place(1, 1)), cut) == "R"


def test_the_champion_comes_last() -> None:
    sketch = Sketch()
    other = Npc(sketch.script((Op.SET, 1)), hide_flag=1)
    sketch.map("########\n#n...@c#\n########", c=champion(sketch), n=other)

    assert presses(sketch.pack(), block(**place(5, 1))) == "LLL"


def test_a_question_is_answered_as_the_goal_needs_it() -> None:
    sketch = Sketch()
    no_helps = sketch.script((Op.YES_NO, 3), (Op.END,), (Op.SET, 1))
    sketch.map("####\n#@n#\n####", n=Npc(no_helps, hide_flag=1))
    memory = FixedMemory(block(**place(1, 1, 3)))
    oracle = Oracle(memory, sketch.pack())
    oracle.act(NOTHING_SEEN)

    memory.block = block(mode=Mode.TEXT, sub=ASKING, menu_count=2, script_id=0)

    assert letters_of(oracle.act(NOTHING_SEEN).actions) == "DA"


def test_a_worn_party_rests_first(duels: Duels) -> None:
    sketch = Sketch()
    healer = Npc(sketch.script((Op.HEAL,)))
    other = Npc(sketch.script((Op.SET, 1)), hide_flag=1)
    sketch.map("########\n#h..@.n#\n########", h=healer, n=other)
    fighter = duels.fighter_at(1, 10)
    milestones = bits([MilestoneBit.FIRST_HEAL, MilestoneBit.FIRST_CATCH], 8)

    fighter.hp = 5
    worn = block(milestones=milestones, **place(4, 1), **party(fighter))
    fighter.hp = 25
    fresh = block(milestones=milestones, **place(4, 1), **party(fighter))

    assert presses(sketch.pack(), worn) == "LL"
    assert presses(sketch.pack(), fresh) == "R"


def test_a_tamer_who_is_too_strong_is_trained_for(duels: Duels) -> None:
    sketch = Sketch(trainers=[[(1, 12)]])
    tamer = Npc(sketch.script((Op.TRAINER, 0), (Op.SET, 1)))
    sketch.map('########\n#""..@t#\n########', t=tamer)

    weak = block(milestones=CAUGHT, **place(5, 1), **party(duels.fighter_at(1, 5)))
    strong = block(milestones=CAUGHT, **place(5, 1, 3), **party(duels.fighter_at(1, 30)))

    assert presses(sketch.pack(), weak) == "LLL"
    assert presses(sketch.pack(), strong) == "A"


def test_a_hunter_paces_in_grass(duels: Duels) -> None:
    sketch = Sketch()
    sketch.map('######\n#""@.#\n######')
    data = block(bag=bytes([2, 5]), **place(2, 1), **party(duels.fighter_at(1, 5)))

    assert presses(sketch.pack(), data) == "LRLR"


@pytest.mark.parametrize(
    ("cursor", "entry", "expected"),
    [(0, 0, "A"), (0, 2, "DDA"), (3, 0, "DA"), (0, 3, "UA"), (2, 1, "UA")],
)
def test_a_menu_is_moved_through_the_short_way(cursor: int, entry: int, expected: str) -> None:
    state = decode(block(cursor=cursor, menu_count=4))

    assert letters_of(pick(state, entry)) == expected


def test_the_strongest_move_is_used(duels: Duels, chooser: BattleChooser) -> None:
    mine, other = duels.fighter_at(1, 10), duels.fighter_at(3, 10)
    fields = party(mine) | {"enemy": creature(other), "battle": Battle.TAMER, "mode": Mode.BATTLE}

    choice = chooser.choose(decode(block(**fields)))
    command = chooser.act(decode(block(**fields, sub=Submode.COMMAND, menu_count=4)))
    move = chooser.act(decode(block(**fields, sub=Submode.MOVES, menu_count=2)))

    assert choice == Choice(Kind.ATTACK, 1)
    assert (letters_of(command), letters_of(move)) == ("A", "DA")


def test_a_salve_is_used_before_a_blow_that_fells(duels: Duels, chooser: BattleChooser) -> None:
    mine, other = duels.fighter_at(1, 10), duels.fighter_at(1, 10)
    mine.hp = 2
    fields = party(mine) | {"enemy": creature(other), "battle": Battle.TAMER, "mode": Mode.BATTLE}
    fields |= {"bag": bytes([4, 1, 1, 2])}

    choice = chooser.choose(decode(block(**fields)))
    item = chooser.act(decode(block(**fields, sub=Submode.BAG, menu_count=2)))

    assert choice == Choice(Kind.USE_ITEM, 1)
    assert letters_of(item) in {"DA", "UA"}


def test_the_first_creature_is_weakened_then_caught(duels: Duels, chooser: BattleChooser) -> None:
    mine, other = duels.fighter_at(1, 10), duels.fighter_at(1, 8)
    base = party(mine) | {"battle": Battle.WILD, "mode": Mode.BATTLE, "bag": bytes([2, 5])}

    fresh = chooser.choose(decode(block(**base, enemy=creature(other))))
    other.hp //= 2
    weakened = chooser.choose(decode(block(**base, enemy=creature(other))))

    assert fresh.kind == Kind.ATTACK
    assert weakened == Choice(Kind.USE_ITEM, 2)


def test_a_wild_creature_that_is_too_strong_is_run_from(
    duels: Duels, chooser: BattleChooser
) -> None:
    mine, other = duels.fighter_at(1, 5), duels.fighter_at(1, 30)
    fields = party(mine) | {"enemy": creature(other), "battle": Battle.WILD, "mode": Mode.BATTLE}

    assert chooser.choose(decode(block(**fields, milestones=CAUGHT))).kind == Kind.RUN


def test_a_fainted_creature_is_replaced_by_one_that_can_fight(
    duels: Duels, chooser: BattleChooser
) -> None:
    fainted, able = duels.fighter_at(1, 10), duels.fighter_at(1, 4)
    fainted.hp = 0
    fields = party(fainted, able) | {"enemy": creature(able), "battle": Battle.TAMER}

    state = decode(block(**fields, mode=Mode.BATTLE, sub=Submode.PARTY, menu_count=2))

    assert letters_of(chooser.act(state)) in {"DA", "UA"}


def test_a_shop_is_left_when_the_coins_are_gone(bare_rom: bytes) -> None:
    fields = {"mode": Mode.MENU, "script_id": 0, "menu_count": 4}

    assert presses(bare_rom, block(**fields, money=0)) == "B"
    assert presses(bare_rom, block(**fields, money=500, milestones=CAUGHT)) == "A"


def test_memory_comes_back_from_json() -> None:
    errand = Errand(ErrandKind.HUNT, 12, None, (True, False), "train")
    memory = Memory(errand, [1, 2], {"visit:3:None": 2}, 14, 1, plans=3, steps=70)

    assert Memory.from_json(json.loads(json.dumps(memory.to_json()))) == memory


def test_a_restored_oracle_goes_on_alike() -> None:
    sketch = Sketch()
    sketch.map("######\n#@..c#\n######", c=champion(sketch))
    memory = FixedMemory(block(**place(1, 1)))
    first, second = Oracle(memory, sketch.pack()), Oracle(memory, sketch.pack())
    first.act(NOTHING_SEEN)

    second.restore(json.loads(json.dumps(first.state())))
    memory.block = block(**place(3, 1, 0))

    assert second.act(NOTHING_SEEN) == first.act(NOTHING_SEEN)
    assert second.state() == first.state()


def test_an_empty_hunting_ground_is_left_alone(duels: Duels) -> None:
    sketch = Sketch()
    sketch.map('######\n#""@.#\n######')
    fields = party(duels.fighter_at(1, 5)) | place(2, 1)
    oracle = Oracle(FixedMemory(block(bag=bytes([2, 5]), **fields)), sketch.pack())

    turns = [letters_of(oracle.act(NOTHING_SEEN).actions) for _ in range(60)]

    assert turns[0] == "LRLR"
    assert set(turns[40:]) == {"."}
