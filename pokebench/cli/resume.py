"""`pokebench resume`: go on with a run that was cut off or interrupted."""

from pokebench.cli.run import resume_command as command

__all__ = ["command"]
