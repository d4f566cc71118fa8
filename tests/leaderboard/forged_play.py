"""Lies about what was played, by whom, on what: every hash fits again."""

import numpy as np

from tests.leaderboard.draws import MARKUP, Rng, one
from tests.leaderboard.forger import Draft, JsonObject

# What was played


def change_input(draft: Draft, rng: Rng) -> None:
    turn = one(rng, [event for event in draft.of_kind("turn") if event["a"].strip(".")])
    letters = list(turn["a"])
    place = one(rng, [i for i, letter in enumerate(letters) if letter != "."])
    letters[place] = one(rng, [letter for letter in "UDLRABTS" if letter != letters[place]])
    turn["a"] = "".join(letters)


def swap_inputs(draft: Draft, rng: Rng) -> None:
    first = one(rng, draft.of_kind("turn"))
    second = one(rng, [event for event in draft.of_kind("turn") if event["a"] != first["a"]])
    first["a"], second["a"] = second["a"], first["a"]


def drop_turn(draft: Draft, rng: Rng) -> None:
    draft.record.remove(one(rng, draft.of_kind("turn")))


def drop_stretch(draft: Draft, rng: Rng) -> None:
    start = int(rng.integers(2, len(draft.record) - 6))
    del draft.record[start : start + int(rng.integers(2, 6))]


def add_turn(draft: Draft, rng: Rng) -> None:
    turn = one(rng, draft.of_kind("turn"))
    draft.record.insert(draft.record.index(turn), {**turn, "a": one(rng, "UDLRABTS.")})


def reorder(draft: Draft, rng: Rng) -> None:
    places = sorted(rng.choice(np.arange(2, len(draft.record)), 2, replace=False).tolist())
    a, b = draft.record[places[0]], draft.record[places[1]]
    if a != b:
        draft.record[places[0]], draft.record[places[1]] = b, a


def cut_off_end(draft: Draft, rng: Rng) -> None:
    del draft.record[-int(rng.integers(1, len(draft.record))) :]


def truncate_to_better_end(draft: Draft, rng: Rng) -> None:
    """Stop in the middle and claim that the game was finished there."""
    outcome = draft.record[-1]
    keep = int(rng.integers(4, len(draft.record) - 2))
    draft.record[keep:] = [{**outcome, "reason": "finished", "f": draft.record[keep]["f"]}]


def open_loop(draft: Draft, rng: Rng) -> None:
    """Replay the same buttons under another seed and name it an own run."""
    seed = draft.manifest["seed"] + int(rng.integers(1, 1000))
    draft.manifest["seed"] = draft.record[1]["seed"] = seed


# What is claimed of it


def move_milestone(draft: Draft, rng: Rng) -> None:
    milestone = one(rng, draft.of_kind("milestone"))
    frames = 20 * int(rng.integers(1, 20))
    milestone["f"] -= frames
    milestone["clocks"]["frames"] -= frames


def invent_milestone(draft: Draft, rng: Rng) -> None:
    milestone = one(rng, draft.of_kind("milestone"))
    place = int(rng.integers(3, len(draft.record)))
    name = one(rng, ["champion", "badge_1", "badge_8", "town_1", "first_catch"])
    draft.record.insert(place, {**milestone, "id": name, "f": draft.record[place]["f"]})


def rename_milestone(draft: Draft, rng: Rng) -> None:
    one(rng, draft.of_kind("milestone"))["id"] = one(rng, ["champion", "badge_1", *MARKUP[:4]])


def drop_milestone(draft: Draft, rng: Rng) -> None:
    draft.record.remove(one(rng, draft.of_kind("milestone")))


def edit_clock(draft: Draft, rng: Rng) -> None:
    clocks = one(rng, draft.of_kind("milestone") + draft.of_kind("outcome"))["clocks"]
    name = one(rng, ["frames", "presses", "steps", "turns", "calls", "tokens_out", "usd_known"])
    clocks[name] = clocks.get(name, 0) + one(rng, [-1, 1, 100, 1 << 40, -(1 << 40), 1e300])


def edit_hash(draft: Draft, rng: Rng) -> None:
    checks = [e for e in draft.record if "ram" in e or "state" in e]
    event = one(rng, checks)
    key = "ram" if "ram" in event else "state"
    event[key] = f"{int(rng.integers(1 << 62)):x}".zfill(len(event[key]))[: len(event[key])]


def edit_reason(draft: Draft, rng: Rng) -> None:
    reasons = ["finished", "budget_turns", "budget_tokens", "stagnation", "won", "<b>"]
    draft.record[-1]["reason"] = one(rng, reasons)


# What it was played on


def other_game(draft: Draft, rng: Rng) -> None:
    specs = ["tallgrass:micro@2", "tallgrass:mini@1", "tallgrass:micro@01", "tallgrass:micro",
             "pokemon_red", "../../etc/passwd", "tallgrass:micro@999999999", "<b>:x"]  # fmt: skip
    draft.manifest["game"]["spec"] = one(rng, specs)


def other_rom(draft: Draft, rng: Rng) -> None:
    game = draft.manifest["game"]
    key = one(rng, ["rom_sha1", "table_sha256"])
    game[key] = f"{int(rng.integers(1 << 62)):x}".zfill(len(game[key]))


def other_machine(draft: Draft, rng: Rng) -> None:
    part, key, value = one(rng, [
        ("emulator", "version", "2.8.0"), ("emulator", "name", "mgba"), ("emulator", "cgb", True),
        ("emulator", "sound_emulated", True), ("emulator", "clock_locked", True),
        ("timing", "step_frames", 40), ("timing", "hold_frames", 9), ("timing", "boot_frames", 1),
        ("timing", "max_idle_frames", 0), ("emulator", "boot", "savestate"),
    ])  # fmt: skip
    draft.manifest[part][key] = value


def other_budget(draft: Draft, rng: Rng) -> None:
    budget = draft.manifest["budget"]["frames"]
    draft.manifest["budget"]["frames"] = one(rng, [budget // 2, budget - 20, budget * 9, 0, -1])


def other_agent(draft: Draft, rng: Rng) -> None:
    key, value = one(rng, [("privileged", False), ("id", "claude"), ("id", "<b>"), ("id", "../x")])
    draft.manifest["agent"][key] = value


def other_card(draft: Draft, rng: Rng) -> None:
    card = draft.manifest["agent"]["card"]
    key, value = one(rng, [
        ("privileged", False), ("adapter", "model"), ("adapter", "human"), ("id", "claude"),
        ("title", one(rng, MARKUP)), ("title", 7), ("harness", {"tier": "text"}), ("model", 1e999),
    ])  # fmt: skip
    card[key] = value
    if key == "title" and value == "":
        card["title"] = ["list"]


def a_model_that_never_answered(draft: Draft, rng: Rng) -> None:
    """The oracle's buttons under a model's card."""
    draft.manifest["tier"] = tier = one(rng, ["pixels", "text", "assisted", "open"])
    draft.manifest["agent"] |= {"id": "claude", "privileged": False}
    draft.manifest["agent"]["card"] |= {
        "id": "claude", "title": "Claude", "adapter": "model", "privileged": False,
        "control": False, "harness": {"tier": tier, "max_buttons": 100},
        "model": {"provider": "anthropic", "model": "claude-opus-5-5"},
    }  # fmt: skip


def unknown_tier(draft: Draft, rng: Rng) -> None:
    tier = one(rng, (*MARKUP[:3], "superhuman", "Text"))
    draft.manifest["tier"] = tier
    draft.manifest["agent"]["card"] |= {"adapter": "python", "harness": {"tier": tier}}
    draft.manifest["agent"]["privileged"] = draft.manifest["agent"]["card"]["privileged"] = False


def hostile_manifest_text(draft: Draft, rng: Rng) -> None:
    place, key = one(rng, [("code", "version"), ("code", "commit"), ("", "created")])
    (draft.manifest[place] if place else draft.manifest)[key] = one(rng, MARKUP)


def deep_card(draft: Draft, rng: Rng) -> None:
    value: JsonObject = {}
    for _ in range(int(rng.integers(70, 900))):
        value = {"x": value}
    draft.manifest["agent"]["card"]["deep"] = value


def large_card(draft: Draft, rng: Rng) -> None:
    draft.manifest["agent"]["card"]["large"] = "x" * int(rng.integers(70_000, 600_000))


def a_key_in_the_record(draft: Draft, rng: Rng) -> None:
    key = one(rng, ["sk-ant-api03-" + "k" * 40, "ghp_" + "a" * 36, "hf_" + "b" * 34,
                    "Bearer " + "t" * 40, "-----BEGIN PRIVATE KEY-----"])  # fmt: skip
    one(rng, draft.of_kind("turn"))["text"] = f"my key is {key}"


def copy_under_another_id(draft: Draft, rng: Rng) -> None:
    """The same play, as a new run of somebody else."""
    run_id = f"{int(rng.integers(1 << 62)):032x}"
    files = {draft.manifest_name, draft.packed_name}
    draft.manifest |= {"run_id": run_id, "created": "2026-01-02T03:04:05+00:00"}
    draft.form["submitter"]["name"] = one(rng, ["Bob", "Eve", "Mallory"])
    draft.form["runs"][0]["run_id"] = draft.run_id = run_id
    for name in files:
        del draft.files[name]
    for event in draft.of_kind("turn"):
        event["text"] = "played by myself"


def a_branch(draft: Draft, rng: Rng) -> None:
    """A run that says that it goes on from somebody else's."""
    draft.manifest["parent"] = {
        "run_id": f"{int(rng.integers(1 << 62)):032x}", "head": "0" * 64, "frame": 600,
        "steps": 7, "turns": 3, "agent_id": "oracle",
    }  # fmt: skip


def splits_of_turns(draft: Draft, rng: Rng) -> None:
    """A copy whose turns are cut otherwise, so that no line is the same."""
    copy_under_another_id(draft, rng)
    for turn in draft.of_kind("turn"):
        if len(turn["a"]) > 1:
            place, step = draft.record.index(turn), draft.manifest["timing"]["step_frames"]
            rest = {**turn, "a": turn["a"][1:], "f": turn["f"] + step}
            turn["a"] = turn["a"][0]
            draft.record.insert(place + 1, rest)
            _count_one_turn_more(draft, place + 1)
            return


def _count_one_turn_more(draft: Draft, place: int) -> None:
    for event in draft.record[place:]:
        if "clocks" in event:
            event["clocks"]["turns"] += 1
