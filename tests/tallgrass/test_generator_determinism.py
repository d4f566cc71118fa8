import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tallgrass.blank import digest

ROOT = Path(__file__).parents[2]
CASES = (("micro", 1), ("mini", 1), ("short", 1), ("short", 2026))
GOLDEN: dict[tuple[str, int], str] = {
    ("micro", 1): "d089fb67d907c4de4e9fcb7dc3103056c1d9d894",
    ("mini", 1): "b16302b2c6d18a8344dd8448b475ac120bd47a00",
    ("short", 1): "481c08466ad081ce73497eaf481529e1b0869c37",
    ("short", 2026): "3b084c75f10ec336046030a4e7a9555fa0b9bc06",
}
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.tallgrass.blank import digest
print(*(digest(case.split("@")[0], int(case.split("@")[1])) for case in sys.argv[2:]))
"""
OTHER_PYTHONS = ("python3.12", "python3.13", "python3.14")


def digests_of(python: str, hash_seed: str) -> list[str]:
    cases = [f"{preset}@{seed}" for preset, seed in CASES]
    command = [python, "-c", PROGRAM, str(ROOT), *cases]
    environment = {"PYTHONHASHSEED": hash_seed, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    return done.stdout.split()


@pytest.mark.parametrize("case", CASES)
def test_a_seed_means_the_same_world_for_good(case: tuple[str, int]) -> None:
    # A change here makes every published world another one: raise GENERATOR_VERSION with it.
    assert digest(*case) == GOLDEN[case]


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_the_hash_seed_of_python_does_not_matter(hash_seed: str) -> None:
    assert digests_of(sys.executable, hash_seed) == [GOLDEN[case] for case in CASES]


@pytest.mark.parametrize("name", OTHER_PYTHONS)
def test_the_version_of_python_does_not_matter(name: str) -> None:
    python = shutil.which(name)
    if python is None or subprocess.run([python, "--version"], check=False).returncode:
        pytest.skip(f"no {name} here")

    assert digests_of(python, "7") == [GOLDEN[case] for case in CASES]
