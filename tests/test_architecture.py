"""Checks on the shape of the project rather than on its behaviour."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ["pyboy", "gymnasium", "numpy", "PIL", "matplotlib", "pydantic", "rich", "sdl2"]


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from pokebench.cli import main;"
        "r = CliRunner().invoke(main, ['--help']); assert r.exit_code == 0, r.output;"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_importing_the_package_does_no_work(tmp_path: Path) -> None:
    code = "import pokebench.env, pokebench.runner, pokebench.leaderboard"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip

    assert done.stdout == done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_every_module_has_a_layer() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contract = settings["contracts"][0]
    named = {name.strip() for layer in contract["layers"] for name in layer.split("|")}
    optional = {name.strip("()") for name in named if name.startswith("(")}
    present = {
        path.stem
        for path in (ROOT / "pokebench").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }

    here = present - {"__init__", *contract["exhaustive_ignores"]}
    assert here - optional == {name for name in named if not name.startswith("(")}


@pytest.mark.parametrize("name", ["agents", "milestones", "suites"])
def test_content_folders_hold_no_code(name: str) -> None:
    assert not list((ROOT / name).rglob("*.py"))


def test_dependencies_are_pinned_exactly() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]

    assert pins
    assert all(line.count("==") == 1 for line in pins)
    assert "pyboy==2.8.1" in pins


def test_the_readme_shows_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()

    assert "make demo" in readme
    assert "make test" in readme
