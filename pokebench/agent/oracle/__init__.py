"""The oracle: a player with perfect knowledge of Tallgrass that still only presses buttons.

It reads the state block and the world's tables, plans with the solver's graph, and finishes
worlds: the source of par times, the upper reference of the benchmark, and a test of engine and
worlds. It is privileged and never ranked.
"""

from pokebench.agent.oracle.player import Oracle

__all__ = ["Oracle"]
