import pytest

from pokebench.tallgrass.format import Key, MilestoneBit, Op
from pokebench.tallgrass.progress import Progress, outcomes
from pokebench.tallgrass.rom import WorldRom
from pokebench.tallgrass.solver import Place, Solution, solve
from pokebench.tallgrass.terrain import Atlas
from pokebench.tallgrass.tiles import Tile
from tests.tallgrass.sketch import Condition, Npc, Sketch, Trigger, Warp, champion


def solution_of(drawing: str, sketch: Sketch | None = None, **events: object) -> Solution:
    sketch = sketch or Sketch()
    sketch.map(drawing, c=champion(sketch), **events)
    return solve(sketch.pack())


def test_an_open_way_to_the_champion_is_completable() -> None:
    solution = solution_of("#####\n#@.c#\n#####")

    assert solution.is_completable
    assert solution.is_sound
    assert solution.reached_milestones == {MilestoneBit.NEW_GAME, MilestoneBit.CHAMPION}


def test_a_walled_in_champion_is_not_completable() -> None:
    solution = solution_of("######\n#@.#c#\n######")

    assert not solution.is_completable
    assert solution.missing_milestones == {MilestoneBit.CHAMPION}


def test_a_somebody_in_the_only_way_blocks_it() -> None:
    sketch = Sketch()
    solution = solution_of("######\n#@n.c#\n######", sketch, n=Npc(sketch.script()))

    assert not solution.is_completable


def test_a_somebody_who_leaves_opens_the_way() -> None:
    sketch = Sketch()
    leaving = Npc(sketch.script((Op.SET, 9)), hide_flag=9)

    solution = solution_of("######\n#@n.c#\n######", sketch, n=leaving)

    assert solution.is_sound
    assert [sphere.flag_count for sphere in solution.spheres] == [1, 0, 0]


@pytest.mark.parametrize(("tile", "key"), [("b", Key.CUTTER), ("~", Key.RAFT)])
def test_bush_and_water_need_their_key(tile: str, key: Key) -> None:
    drawing = f"#######\n#@n{tile}.c#\n#.....#\n#######".replace("#.....#", "#######")
    sketch = Sketch()
    giver = Npc(sketch.script((Op.KEY, key), (Op.SET, 1)), hide_flag=1)

    with_key = solution_of(drawing, sketch, n=giver)
    without = solution_of(drawing.replace("n", "."))

    assert with_key.is_sound
    assert with_key.spheres[0].keys == {key}
    assert not without.is_completable


def test_a_fetched_item_opens_a_gate_and_may_be_taken() -> None:
    sketch = Sketch()
    chest = Npc(sketch.script((Op.GIVE, 4, 1), (Op.SET, 1)), hide_flag=1)
    gate = Npc(sketch.script((Op.NEED_ITEM, 4, 8), (Op.TAKE_ITEM, 4), (Op.SET, 2)), hide_flag=2)

    solution = solution_of("######\n#@gc##\n#n####\n######", sketch, n=chest, g=gate)

    assert solution.is_sound


def test_an_item_that_two_scripts_take_is_a_fault() -> None:
    sketch = Sketch()
    first = Npc(sketch.script((Op.TAKE_ITEM, 4)))
    second = Npc(sketch.script((Op.TAKE_ITEM, 4), (Op.SET, 3)))

    solution = solution_of("######\n#@.c##\n#nm###\n######", sketch, n=first, m=second)

    assert solution.faults == ("2 scripts take item 4 (Idol)",)
    assert not solution.is_completable


def test_a_tamer_needs_a_creature() -> None:
    sketch = Sketch()
    fighting = Npc(sketch.script((Op.TRAINER, 0), (Op.SET, 1)), hide_flag=1)

    assert not solution_of("######\n#@nc##\n######", sketch, n=fighting).is_completable


def test_a_badge_guard_counts_badges() -> None:
    sketch = Sketch()
    leader = Npc(sketch.script((Op.BADGE, 3), (Op.MILESTONE, 16)))
    guard = Npc(sketch.script((Op.NEED_BADGES, 1, 6), (Op.SET, 1)), hide_flag=1)

    solution = solution_of("######\n#@gc##\n#l####\n######", sketch, l=leader, g=guard)

    assert solution.is_sound
    assert solution.spheres[0].badges == {3}


def test_both_answers_to_a_question_are_explored() -> None:
    sketch = Sketch()
    asking = sketch.script((Op.YES_NO, 6), (Op.SET, 1), (Op.END,), (Op.SET, 2))
    gates = {"a": Npc(sketch.script(), hide_flag=1), "b": Npc(sketch.script(), hide_flag=2)}

    solution = solution_of(
        "########\n#@xyc###\n#n######\n########",
        sketch,
        n=Npc(asking),
        x=gates["a"],
        y=gates["b"],
    )

    assert solution.is_sound


def test_a_switch_opens_its_gate() -> None:
    sketch = Sketch()
    switch = Trigger(sketch.script((Op.SET, 5)), 5)

    solution = solution_of(
        "######\n#@gc##\n#s####\n######", sketch, s=switch, g=Condition(Tile.LAWN, 5)
    )

    assert solution.is_sound


def test_a_counter_is_spoken_over() -> None:
    assert solution_of("######\n#@=c##\n######").is_sound


def test_a_ledge_with_no_way_back_locks_in() -> None:
    solution = solution_of("#####\n#@c##\n#v###\n#v###\n#.###\n#####")

    assert solution.is_completable
    assert Place(0, 1, 4) in solution.soft_lock_cells
    assert not solution.is_sound


def test_a_ledge_with_a_way_around_is_sound() -> None:
    assert solution_of("######\n#@..c#\n#v#.##\n#...##\n######").is_sound


def test_a_one_way_warp_into_a_pocket_locks_in() -> None:
    sketch = Sketch()
    solution = solution_of(
        "######\n#@wc##\n#.####\n###..#\n######".replace("#@wc##", "#@.c##").replace(
            "#.##", "#w##"
        ),
        sketch,
        w=Warp(0, 3, 3),
    )

    assert solution.soft_lock_cells == (Place(0, 3, 3), Place(0, 4, 3))


def test_ice_is_slid_over_and_may_keep_a_place_out_of_reach() -> None:
    stopped = solution_of("#######\n#@***.#\n###c###\n#######")
    rocked = solution_of("#######\n#@*o*.#\n##c####\n#######")

    assert not stopped.is_completable
    assert rocked.is_sound


def test_map_milestones_come_by_entering() -> None:
    sketch = Sketch()
    sketch.map("####\n#@w#\n####", w=Warp(1, 1, 1))
    sketch.map("#####\n#.wc#\n#####", w=Warp(0, 1, 1), c=champion(sketch))

    sketch.drawings[1].milestone = 8
    solution = solve(sketch.pack())

    assert solution.spheres[0].milestones == {8}


def test_grass_and_a_creature_give_the_milestones_of_the_wild() -> None:
    sketch = Sketch()
    giver = Npc(sketch.script((Op.GIVE_CREATURE, 1, 5), (Op.SET, 1), (Op.HEAL,)), hide_flag=1)

    solution = solution_of('######\n#@c"##\n#n"###\n######'.replace("@c", "@."), sketch, n=giver)

    earned = {MilestoneBit.FIRST_WIN, MilestoneBit.FIRST_CATCH, MilestoneBit.EVOLUTION}
    assert earned <= solution.reached_milestones
    assert MilestoneBit.FIRST_HEAL in solution.reached_milestones


def test_a_script_that_carries_the_player_is_followed_and_must_lead_back() -> None:
    sketch = Sketch()
    ferry = Npc(sketch.script((Op.WARP, 0, 3, 3)))

    solution = solution_of("######\n#@f###\n######\n###.c#\n######", sketch, f=ferry)

    assert solution.is_completable
    assert solution.soft_lock_cells == (Place(0, 3, 3),)


def test_outcomes_give_the_all_yes_way_first() -> None:
    sketch = Sketch()
    sketch.script((Op.YES_NO, 6), (Op.SET, 1), (Op.END,), (Op.SET, 2))
    sketch.map("###\n#@#\n###")
    script = WorldRom(sketch.pack()).script(0)

    found = outcomes(script, Progress())

    assert [(way.answers, way.progress.flags) for way in found] == [((True,), 2), ((False,), 4)]


def test_an_item_taken_away_is_gone_unless_kept() -> None:
    sketch = Sketch()
    sketch.script((Op.TAKE_ITEM, 4))
    sketch.map("###\n#@#\n###")
    script = WorldRom(sketch.pack()).script(0)

    assert outcomes(script, Progress(items=16))[0].progress.items == 0
    assert outcomes(script, Progress(items=16), keeps_items=True)[0].progress.items == 16


def test_a_path_leads_cell_by_cell_and_may_not_pass_walls() -> None:
    sketch = Sketch()
    sketch.map("######\n#@...#\n#.##.#\n#....#\n######")
    atlas = Atlas(WorldRom(sketch.pack()))
    goal = atlas.cell(0, 4, 1)

    straight = atlas.reach(atlas.start).path_to(goal)
    around = atlas.reach(atlas.start, {atlas.cell(0, 2, 1)}).path_to(goal)

    assert [atlas.locate(cell)[1:] for cell in straight] == [(2, 1), (3, 1), (4, 1)]
    assert len(around) == 7
