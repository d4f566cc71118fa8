"""Tries a forgery on the check: what was said, how long it took, and what was left behind."""

import copy
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from pokebench.errors import PokebenchError
from pokebench.leaderboard.check import check
from pokebench.leaderboard.entry import Leaderboard
from pokebench.leaderboard.store import add_entry
from tests.leaderboard.forger import Draft
from tests.leaderboard.forgeries import FORGERIES

_UNJUDGED: Final = ("the re-simulation did not come to an end", "the judge's answer")


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one forgery.

    Attributes:
        name: which kind.
        seed: which draw.
        verdict: what the check said; "" if it took the forgery.
        crash: an error that is none of ours, or "".
        strays: files that appeared outside of the forgery's own place.
        seconds: how long the check took.
    """

    name: str
    seed: int
    verdict: str
    crash: str
    strays: tuple[str, ...]
    seconds: float

    @property
    def is_unjudged(self) -> bool:
        """Whether it was refused only since the re-simulation died, hung, or was not understood."""
        return any(words in self.verdict for words in _UNJUDGED)

    @property
    def is_refused(self) -> bool:
        """Whether all is as it should be."""
        is_sound = not self.crash and not self.strays and not self.is_unjudged
        return bool(self.verdict) and is_sound


def attempt(name: str, seed: int, honest: Draft, board: Leaderboard, place: Path) -> Trial:
    """Forge a submission in `place`, and try to enter it in a board that has the honest one."""
    private = place / "private"
    private.mkdir(parents=True)
    draft = copy.deepcopy(honest)
    path = FORGERIES[name](draft, np.random.default_rng([seed, len(name)]), place / "forged")
    before = _look(place.parent)
    verdict = crash = ""
    started = time.monotonic()
    usual, tempfile.tempdir = tempfile.tempdir, str(private)
    try:
        add_entry(board, check(path))
    except PokebenchError as error:
        verdict = str(error)
    except Exception as error:  # noqa: BLE001  # whatever it is, it must not happen
        crash = f"{type(error).__name__}: {error}"
    finally:
        tempfile.tempdir = usual
    seconds = time.monotonic() - started
    return Trial(name, seed, verdict, crash, tuple(sorted(_look(place.parent) - before)), seconds)


def peak_megabytes() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _look(place: Path) -> set[str]:
    """Return every path below `place`, where temporary files would lie, too."""
    return {str(path) for path in place.rglob("*")}
