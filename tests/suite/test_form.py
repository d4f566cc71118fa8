import shutil
from pathlib import Path

import pytest

from pokebench.errors import ConfigError
from pokebench.suite.content import FrozenSuite, load_plan, load_suite, recording_path, suite_toml
from pokebench.suite.form import Plan


def test_the_file_holds_all_of_the_suite(tiny: FrozenSuite) -> None:
    text = (tiny.folder / "suite.toml").read_text()

    assert suite_toml(tiny.suite) == text
    assert suite_toml(tiny.suite.model_copy(update={"title": 'A "new" \\ title'})) != text


def test_any_change_gives_another_identity(tiny: FrozenSuite, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny.folder, tmp_path / "suite"))
    path = folder / "suite.toml"
    path.write_text(path.read_text() + "# a remark\n")

    assert load_suite(str(folder)).sha256 != tiny.sha256


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('goal = "badge_1"', 'goal = "starter"', "its goal has happened when it begins"),
        ("play_seeds = 2", "play_seeds = 3", "play_seeds is 3, and there are 2"),
        ("seeds = [3, 4]", "seeds = [3, 3]", "two seeds are 3"),
        ('preset = "micro"\ngoal', 'preset = "mini"\ngoal', "no world has the preset mini"),
        ('status = "famous"', 'status = "novel"', "a famous world has a seed, a novel one none"),
        ('skill = "battle"', 'skill = "luck"', "tasks.0.skill"),
        ('id = "begin"', 'id = "Begin!"', "tasks.1.id"),
        ("schema = 1", "schema = 1\nsecret = 2", "secret: Extra inputs"),
    ],
)
def test_a_plan_that_cannot_be_built_says_why(
    old: str, new: str, message: str, plan_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(plan_path.read_text().replace(old, new))

    with pytest.raises(ConfigError, match=message) as caught:
        load_plan(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("play_seeds = [3, 4]", "play_seeds = [4, 3]", "its starts are not those of play_seeds"),
        ('world = "known"\nafter', 'world = "other"\nafter', "no world other"),
        ("goal_steps = ", "goal_steps = 9", "is not recorded"),
        ('edition = "public"', 'edition = "mine"', "edition"),
    ],
)
def test_a_suite_that_contradicts_itself_is_refused(
    old: str, new: str, message: str, tiny: FrozenSuite, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny.folder, tmp_path / "suite"))
    path = folder / "suite.toml"
    text = path.read_text()
    path.write_text(text.replace(old, new))

    assert old in text
    with pytest.raises(ConfigError, match=message):
        load_suite(str(folder))


def test_a_damaged_or_exchanged_recording_is_refused(tiny: FrozenSuite, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny.folder, tmp_path / "suite"))
    first, second = (recording_path(folder, "known", seed) for seed in (3, 4))
    first.write_bytes(second.read_bytes())
    second.write_bytes(b"no zlib")
    frozen = load_suite(str(folder))

    with pytest.raises(ConfigError, match="not the one that the suite was built with"):
        frozen.letters("known", 3)
    with pytest.raises(ConfigError, match="damaged"):
        frozen.letters("known", 4)


def test_an_unknown_suite_is_named_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="no suite 'nothing'; there are: "):
        load_suite("nothing")


def test_novel_worlds_follow_from_the_name_or_from_a_secret(plan_path: Path) -> None:
    text = plan_path.read_text().replace('status = "famous"\nseed = 1', 'status = "novel"')
    plan_path = plan_path.with_name("novel.toml")
    plan_path.write_text(text)
    plan = load_plan(plan_path)

    def seeds(drawn: Plan) -> tuple[object, ...]:
        return (drawn.worlds[0].seed, *drawn.seeds)

    public, held, other = plan.drawn(), plan.drawn("a secret"), plan.drawn("another")
    assert seeds(public) == seeds(plan.drawn())
    assert public.seeds == plan.seeds
    assert len({seeds(public), seeds(held), seeds(other)}) == 3
    assert not set(held.seeds) & set(other.seeds)
