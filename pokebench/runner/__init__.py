"""Plays episodes on the record, and goes on with those that were cut off."""

from pokebench.runner.config import Progress, RunConfig, RunResult
from pokebench.runner.loop import resume, run

__all__ = ["Progress", "RunConfig", "RunResult", "resume", "run"]
