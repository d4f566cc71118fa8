import json
import shutil
from pathlib import Path

import pytest

from pokebench.errors import ConfigError, TrajectoryError
from pokebench.trajectory import OutcomeEvent, TrajectoryWriter, TurnEvent, read_trajectory
from pokebench.trajectory.chain import Chain
from pokebench.trajectory.events import MAX_LINE_BYTES


@pytest.fixture
def copy(random_run: Path, tmp_path: Path) -> Path:
    """A copy of a short run, to damage."""
    return Path(shutil.copytree(random_run, tmp_path / "run"))


def rewrite(folder: Path, bodies: list[bytes]) -> None:
    """Write events with hashes that fit, as a forger would."""
    chain = Chain((folder / "manifest.json").read_bytes())
    sealed = b"".join(chain.seal(body) + b"\n" for body in bodies)
    (folder / "events.jsonl").write_bytes(sealed)


def test_a_run_folder_reads_back(random_run: Path) -> None:
    trajectory = read_trajectory(random_run)

    assert [line.number for line in trajectory.lines] == list(range(1, len(trajectory.lines) + 1))
    assert [line.event.t for line in trajectory.lines[:3]] == ["session", "reset", "turn"]
    assert isinstance(trajectory.outcome, OutcomeEvent)
    assert trajectory.torn is None
    assert trajectory.manifest.agent.id == "random"
    assert sum(len(turn.a) for turn in trajectory.turns) >= trajectory.outcome.clocks.steps


def test_a_cut_at_any_byte_leaves_the_whole_lines_readable(copy: Path) -> None:
    path = copy / "events.jsonl"
    raw = path.read_bytes()
    whole = read_trajectory(copy).lines
    end = raw.index(b"\n", 1500)
    for cut in range(end - 400, end + 1):
        path.write_bytes(raw[:cut])
        trajectory = read_trajectory(copy)
        lines = raw[:cut].count(b"\n")

        assert trajectory.lines == whole[:lines]
        assert (trajectory.torn is None) == raw[:cut].endswith(b"\n")
        assert trajectory.outcome is None


def test_every_flipped_bit_is_noticed(copy: Path) -> None:
    path = copy / "events.jsonl"
    raw = path.read_bytes()
    whole = read_trajectory(copy)
    for position in range(0, len(raw), 97):
        changed = bytearray(raw)
        changed[position] ^= 1 << position % 8
        path.write_bytes(bytes(changed))
        line = raw[:position].count(b"\n") + 1
        try:
            trajectory = read_trajectory(copy)
        except TrajectoryError as error:
            assert f"line {line}" in str(error) or f"line {line + 1}" in str(error)  # noqa: PT017
        else:
            assert trajectory.torn or trajectory.lines != whole.lines


def test_a_changed_manifest_is_noticed(copy: Path) -> None:
    path = copy / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"seed": 5', b'"seed": 6', 1))

    with pytest.raises(
        TrajectoryError, match=r"events\.jsonl line 1: .*manifest\.json was changed"
    ):
        read_trajectory(copy)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"i":1,"t":"turn","f":0,"a":"UX","w":1.0}', "line 2: a: String should match"),
        (b'{"i":1,"t":"turn","f":-1,"a":"U","w":1.0}', "line 2: f: Input should be greater"),
        (b'{"i":1,"t":"turn","f":0,"w":1.0}', "line 2: a: Field required"),
        (b'{"i":1,"t":"turn","f":0,"a":"U","w":NaN}', "line 2: not JSON"),
        (b'{"i":1,"t":"turn","f":0,"a":"U","w":1.0,"x":1}', "line 2: x: Extra inputs"),
        (b'{"i":7,"t":"turn","f":0,"a":"U","w":1.0}', "line 2: events are numbered"),
        (b'{"i":1,"t":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "line 2: not JSON"),
        (b'{"i":1,"t":"turn","f":99999999999999999999,"a":"U","w":1.0}', "line 2: f:"),
        (b"{" + b" " * MAX_LINE_BYTES + b"}", "line 2: longer than"),
    ],
)
def test_hostile_lines_are_named_even_with_hashes_that_fit(
    body: bytes, message: str, copy: Path
) -> None:
    rewrite(copy, [b'{"i":0,"t":"session","f":0,"reason":"start","version":"1"}', body])

    with pytest.raises(TrajectoryError, match=message):
        read_trajectory(copy)


def test_events_of_unknown_kind_are_passed_over(
    copy: Path, caplog: pytest.LogCaptureFixture
) -> None:
    session = b'{"i":0,"t":"session","f":0,"reason":"start","version":"1"}'
    rewrite(copy, [session, b'{"i":1,"t":"sparkle","f":0,"glitter":[1]}'])

    assert len(read_trajectory(copy).lines) == 1
    assert "'sparkle' is passed over" in caplog.text


def test_a_newer_format_is_refused(copy: Path) -> None:
    path = copy / "manifest.json"
    data = json.loads(path.read_bytes()) | {"format": "pokebench-run/2"}
    path.write_text(json.dumps(data))

    with pytest.raises(TrajectoryError, match="format is 'pokebench-run/2'; this version reads"):
        read_trajectory(copy)


@pytest.mark.parametrize("name", ["manifest.json", "events.jsonl"])
def test_a_missing_file_is_named(name: str, copy: Path) -> None:
    (copy / name).unlink()

    with pytest.raises(TrajectoryError, match=f"{name}: no such file; is this a run folder"):
        read_trajectory(copy)


def test_a_link_is_not_followed(copy: Path) -> None:
    (copy / "manifest.json").rename(copy / "elsewhere.json")
    (copy / "manifest.json").symlink_to(copy / "elsewhere.json")

    with pytest.raises(TrajectoryError, match="no such file"):
        read_trajectory(copy)


def test_a_run_folder_is_never_written_over(random_run: Path) -> None:
    manifest = read_trajectory(random_run).manifest

    with pytest.raises(ConfigError, match="exists already; choose another --out"):
        TrajectoryWriter.create(random_run, manifest)


def test_a_folder_that_cannot_be_made_is_named(random_run: Path, tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")

    with pytest.raises(ConfigError, match="cannot write run folder"):
        TrajectoryWriter.create(blocker / "run", read_trajectory(random_run).manifest)


def test_an_event_is_with_the_system_as_soon_as_it_is_appended(
    random_run: Path, tmp_path: Path
) -> None:
    manifest = read_trajectory(random_run).manifest
    with TrajectoryWriter.create(tmp_path / "run", manifest) as writer:
        writer.append(TurnEvent(f=0, a="UD", w=0.5, text="héllo\n\u202e"))

        events = [line.event for line in read_trajectory(tmp_path / "run").lines]
    assert events == [TurnEvent(f=0, a="UD", w=0.5, text="héllo\n\u202e")]
