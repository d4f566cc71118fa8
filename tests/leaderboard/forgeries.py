"""Forged and broken submissions, by name: each takes an honest one and makes it a lie or a trap."""

from collections.abc import Callable
from pathlib import Path

from tests.leaderboard import forged_container, forged_form, forged_play
from tests.leaderboard.draws import Rng
from tests.leaderboard.forger import Draft, write_folder

Forgery = Callable[[Draft, Rng, Path], Path]
Change = Callable[[Draft, Rng], None]


def play(change: Change) -> Forgery:
    """Change what was played or claimed; every hash fits again."""

    def forge(draft: Draft, rng: Rng, out: Path) -> Path:
        change(draft, rng)
        draft.refit()
        return write_folder(draft.files, out)

    return forge


def form(change: Change) -> Forgery:
    """Change `submission.json` only."""

    def forge(draft: Draft, rng: Rng, out: Path) -> Path:
        change(draft, rng)
        draft.refit_form()
        return write_folder(draft.files, out)

    return forge


def raw(change: Change) -> Forgery:
    """Change bytes; nothing is made to fit."""

    def forge(draft: Draft, rng: Rng, out: Path) -> Path:
        change(draft, rng)
        return write_folder(draft.files, out)

    return forge


_PLAY: tuple[Change, ...] = (
    forged_play.change_input,
    forged_play.swap_inputs,
    forged_play.drop_turn,
    forged_play.drop_stretch,
    forged_play.add_turn,
    forged_play.reorder,
    forged_play.cut_off_end,
    forged_play.truncate_to_better_end,
    forged_play.open_loop,
    forged_play.move_milestone,
    forged_play.invent_milestone,
    forged_play.rename_milestone,
    forged_play.drop_milestone,
    forged_play.edit_clock,
    forged_play.edit_hash,
    forged_play.edit_reason,
    forged_play.other_game,
    forged_play.other_rom,
    forged_play.other_machine,
    forged_play.other_budget,
    forged_play.other_agent,
    forged_play.other_card,
    forged_play.a_model_that_never_answered,
    forged_play.unknown_tier,
    forged_play.hostile_manifest_text,
    forged_play.deep_card,
    forged_play.large_card,
    forged_play.a_key_in_the_record,
    forged_play.copy_under_another_id,
    forged_play.splits_of_turns,
    forged_play.a_branch,
)
_FORM: tuple[Change, ...] = (
    forged_form.hostile_form_text,
    forged_form.hostile_notes,
    forged_form.hostile_url,
    forged_form.extra_key,
    forged_form.claim_level,
    forged_form.wrong_counts,
    forged_form.wrong_digest,
    forged_form.wrong_size,
    forged_form.twice_in_the_form,
    forged_form.a_run_that_is_not_there,
    forged_form.no_runs,
    forged_form.other_schema,
    forged_form.odd_run_id,
)
_RAW: tuple[Change, ...] = (
    forged_form.odd_number,
    forged_form.odd_number_in_events,
    forged_form.deep_json,
    forged_form.duplicate_keys,
    forged_form.no_json,
    forged_form.flip_bit,
    forged_form.flip_bit_that_fits,
    forged_form.reorder_lines,
    forged_form.cut_record,
    forged_form.cut_packed,
    forged_form.behind_the_frame,
    forged_form.before_the_frame,
    forged_form.zstd_bomb,
    forged_form.wide_window,
    forged_form.long_line,
)
_WHOLE: tuple[Forgery, ...] = (
    forged_container.link,
    forged_container.linked_folder,
    forged_container.device,
    forged_container.missing_file,
    forged_container.extra_file,
    forged_container.many_files,
    forged_container.large_file,
    forged_container.no_folder,
    forged_container.odd_name,
    forged_container.zip_path,
    forged_container.zip_twice,
    forged_container.zip_link,
    forged_container.zip_bomb,
    forged_container.zip_lying_size,
    forged_container.zip_crowd,
    forged_container.zip_damaged,
    forged_container.zip_comment,
    forged_container.zip_of_odd_method,
)
FORGERIES: dict[str, Forgery] = (
    {change.__name__: play(change) for change in _PLAY}
    | {change.__name__: form(change) for change in _FORM}
    | {change.__name__: raw(change) for change in _RAW}
    | {whole.__name__: whole for whole in _WHOLE}
)
"""Every way to forge there is, by name."""
NEEDS_RESIMULATION = (
    *(change.__name__ for change in _PLAY),
    "odd_number_in_events",
    "flip_bit_that_fits",
    "reorder_lines",
    "cut_record",
    "long_line",
    "deep_json",
)
"""Those that a child process finds: slower to try."""
