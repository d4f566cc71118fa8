"""Plays episodes on the record, and goes on with those that were cut off."""

from pokebench.runner.config import Progress, RetryPolicy, RunConfig, RunResult
from pokebench.runner.start import resume, run

__all__ = ["Progress", "RetryPolicy", "RunConfig", "RunResult", "resume", "run"]
