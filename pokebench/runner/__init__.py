"""Plays episodes on the record, and goes on with those that were cut off."""

from pokebench.runner.config import Prefix, Progress, RetryPolicy, RunConfig, RunResult
from pokebench.runner.start import resume, run

__all__ = ["Prefix", "Progress", "RetryPolicy", "RunConfig", "RunResult", "resume", "run"]
