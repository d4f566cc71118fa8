"""Agent cards: `agents/<id>.toml` says who plays."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pokebench.content import content_dir, read_toml
from pokebench.errors import ConfigError

Adapter = Literal["random", "oracle", "replay", "human", "python"]


class RandomOptions(BaseModel):
    """Options of the random agent.

    Attributes:
        turn_steps: actions a turn.
        weights: how often each action is drawn, relative to the others, by its letter.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    turn_steps: int = Field(default=8, ge=1, le=1000)
    weights: dict[Annotated[str, StringConstraints(pattern=r"^[UDLRABTS.]$")], int] = Field(
        default_factory=lambda: dict.fromkeys("UDLRABTS.", 1), min_length=1
    )


class AgentCard(BaseModel):
    """One agent.

    Attributes:
        schema_version: version of the form, `schema` in the file.
        id: the file's name without ending.
        title: for people.
        adapter: which code plays.
        observation: what the agent is shown.
        privileged: the agent reads RAM; its runs are marked and never ranked.
        control: the agent is a baseline, shown beside the ranked ones.
        random: options of the adapter `random`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    schema_version: Literal[1] = Field(default=1, alias="schema")
    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")]
    title: str
    adapter: Adapter
    observation: Literal["screen", "text", "both", "none"] = "both"
    privileged: bool = False
    control: bool = False
    random: RandomOptions = RandomOptions()


def agent_ids() -> tuple[str, ...]:
    """Return the ids of all agents that have a card."""
    return tuple(sorted(path.stem for path in content_dir("agents").glob("*.toml")))


def load_card(agent_id: str) -> AgentCard:
    """Return the card of an agent.

    Raises:
        ConfigError: no such agent, or its card is malformed.
    """
    if agent_id not in agent_ids():
        known = ", ".join(agent_ids())
        raise ConfigError(
            f"no agent {agent_id!r}; there are: {known}; your own is given as FILE.py:CLASS"
        )
    path = content_dir("agents") / f"{agent_id}.toml"
    card = read_toml(path, AgentCard, "agent card")
    if card.id != agent_id:
        raise ConfigError(f"agent card {path}: id is {card.id!r}, not {agent_id!r}")
    return card


def python_card(path: Path, class_name: str) -> AgentCard:
    """Return a card for an agent given as a class in a person's own file."""
    stem = "".join(c if c.isalnum() else "-" for c in f"{path.stem}-{class_name}").lower()
    return AgentCard(id=f"own-{stem}"[:64], title=f"{class_name} of {path.name}", adapter="python")
