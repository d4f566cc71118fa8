"""Agent cards: `agents/<id>.toml` says who plays."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from pokebench.agent.model_card import ContextPart, HarnessPart, ModelPart, PricesPart
from pokebench.content import content_dir, explain, read_toml
from pokebench.errors import ConfigError

Adapter = Literal["random", "wall_follower", "oracle", "replay", "human", "python", "model"]
_BLIND: Final = frozenset({"random", "oracle", "replay"})
"""Adapters that look at nothing that is on the screen, and use no tools."""
_BY_WORDS: Final = frozenset({"wall_follower"})
"""Adapters that go by words and effects alone, whatever their tier shows besides."""


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
        privileged: the agent reads RAM; its runs are marked and never ranked.
        control: the agent is a baseline, shown beside the ranked ones.
        random: options of the adapter `random`.
        model: which model is asked, for the adapter `model`.
        harness: what is seen and used, by all that look at the game.
        context: how a model's memory is kept.
        prices: what its tokens cost.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    schema_version: Literal[1] = Field(default=1, alias="schema")
    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")]
    title: str
    adapter: Adapter
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
        if self.privileged and self.adapter != "oracle":
            raise ValueError("privileged is for adapter 'oracle' only")
        return self

    @property
    def tier(self) -> str:
        """The tier, or `none` for agents that look at nothing."""
        return "none" if self.adapter in _BLIND else self.harness.tier

    @property
    def uses_pictures(self) -> bool:
        """Whether pictures, where the tier shows them, make a difference to the agent."""
        return self.adapter not in _BLIND | _BY_WORDS

    def with_settings(self, settings: tuple[str, ...]) -> "AgentCard":
        """Return the card with changes such as `harness.tier=pixels`.

        Args:
            settings: each `TABLE.KEY=VALUE`; the value is TOML, or plain words.

        Raises:
            ConfigError: a setting has another form, or names no key of a card.
        """
        data = self.model_dump(mode="json", by_alias=True)
        for setting in settings:
            name, equals, value = setting.partition("=")
            *tables, key = name.strip().split(".")
            if not equals or not tables or not key:
                raise ConfigError(f"--set {setting!r}: write it like harness.tier=pixels")
            place: Any = data
            for table in tables:
                place = place.get(table) if isinstance(place, dict) else None
            if not isinstance(place, dict):
                known = ", ".join(sorted(n for n, part in data.items() if isinstance(part, dict)))
                where = ".".join(tables)
                raise ConfigError(f"--set {setting!r}: there is no table {where!r}; use {known}")
            place[key] = _toml_value(value.strip())
        try:
            return AgentCard.model_validate(data)
        except ValidationError as error:
            raise ConfigError(f"--set: {explain(error)}") from error


def agent_ids() -> tuple[str, ...]:
    """Return the ids of all agents that have a card."""
    return tuple(sorted(path.stem for path in content_dir("agents").glob("*.toml")))


def load_card(agent_id: str) -> AgentCard:
    """Return the card of an agent that comes with pokebench.

    Raises:
        ConfigError: no such agent, or its card is malformed.
    """
    if agent_id not in agent_ids():
        known = ", ".join(agent_ids())
        raise ConfigError(
            f"no agent {agent_id!r}; there are: {known}; your own is given as CARD.toml or "
            "FILE.py:CLASS"
        )
    return read_card(content_dir("agents") / f"{agent_id}.toml")


def read_card(path: Path) -> AgentCard:
    """Return the card in a file.

    Raises:
        ConfigError: it cannot be read, is malformed, or is named unlike its id.
    """
    card = read_toml(path, AgentCard, "agent card")
    if card.id != path.stem:
        raise ConfigError(f"agent card {path}: id is {card.id!r}, not {path.stem!r}")
    return card


def python_card(path: Path, class_name: str) -> AgentCard:
    """Return a card for an agent given as a class in a person's own file."""
    name = f"{path.stem}-{class_name}".lower()
    stem = "".join(c if c.isalnum() and c.isascii() else "-" for c in name)
    return AgentCard(
        id=f"own-{stem}"[:64],
        title=f"{class_name} of {path.name}",
        adapter="python",
        harness=HarnessPart(tier="open"),
    )


def _toml_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
