"""Agent cards: `agents/<id>.toml` says who plays."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pokebench.content import content_dir, read_toml
from pokebench.errors import ConfigError
from pokebench.models.protocol import ModelSettings

Adapter = Literal["random", "oracle", "replay", "human", "python", "model"]
Tier = Literal["pixels", "text"]


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


class ModelPart(BaseModel):
    """Which model a card asks.

    Attributes:
        provider: which adapter speaks to it.
        model: exact id.
        base_url: where to ask, if not at the provider's own place.
        api_key_env: the environment variable that holds the key; "" where none is needed.
        max_output_tokens: ceiling of a reply.
        effort: reasoning effort in the provider's words; "" is its default.
        options: further provider options, handed on as they are.
        deadline_s: seconds after which a call is given up.
        read_timeout_s: seconds of silence after which a call is given up.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: Literal["anthropic", "openai", "openai_compatible"]
    model: str
    base_url: str | None = None
    api_key_env: str = ""
    max_output_tokens: int = Field(default=8000, ge=256, le=200_000)
    effort: str = ""
    options: dict[str, Any] = {}
    deadline_s: float = Field(default=900.0, gt=0)
    read_timeout_s: float = Field(default=120.0, gt=0)

    def settings(self) -> ModelSettings:
        """Return them as an adapter takes them."""
        values = self.model_dump(exclude={"provider"})
        return ModelSettings(**values)


class HarnessPart(BaseModel):
    """What is equal for every provider, stated so that it is recorded.

    Attributes:
        tier: what the model may see: `pixels` is the picture, `text` is words as well.
        prompt: file in `agents/prompts/` without its ending.
        max_buttons: buttons that one call may press.
        notes_characters: length that the model's notes may have.
        image_scale: how often a screen is enlarged.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tier: Tier = "text"
    prompt: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")] = "player"
    max_buttons: int = Field(default=8, ge=1, le=40)
    notes_characters: int = Field(default=4000, ge=0, le=40_000)
    image_scale: int = Field(default=3, ge=1, le=8)


class ContextPart(BaseModel):
    """How a model's memory is kept.

    Attributes:
        epoch_tokens: size of the context at which a new epoch begins.
        summary_characters: length of the summary that opens it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    epoch_tokens: int = Field(default=45_000, ge=2_000, le=2_000_000)
    summary_characters: int = Field(default=4000, ge=200, le=40_000)


class PricesPart(BaseModel):
    """Where prices come from: a table in `agents/prices/`, or `unknown`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str = "unknown"


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
        model: which model is asked, for the adapter `model`.
        harness: what the model sees and uses.
        context: how its memory is kept.
        prices: what its tokens cost.
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
    model: ModelPart | None = None
    harness: HarnessPart = HarnessPart()
    context: ContextPart = ContextPart()
    prices: PricesPart = PricesPart()

    @model_validator(mode="after")
    def _asks_a_model_or_not(self) -> Self:
        if (self.adapter == "model") != (self.model is not None):
            raise ValueError("a card with adapter 'model', and no other, has a table [model]")
        return self


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
