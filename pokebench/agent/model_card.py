"""The tables of an agent card that are for models and harness: who is asked, what it is given."""

from dataclasses import replace
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pokebench.agent.tiers import NOTES, TIERS, Tier, TierName
from pokebench.models.protocol import ModelSettings

Provider = Literal["anthropic", "openai", "openai_compatible"]
_HARNESS_FIELDS: Final = frozenset(
    {
        "model", "messages", "input", "system", "instructions", "stream", "stream_options", "tools",
        "tool_choice", "parallel_tool_calls", "max_tokens", "max_output_tokens",
        "max_completion_tokens", "store", "background", "truncation", "n", "previous_response_id",
        "conversation", "fallbacks", "context_management",
    }
)  # fmt: skip
"""Fields of requests that are the same for every provider, or that limits rest on."""
_PLAIN_NAME: Final = r"^[a-z0-9][a-z0-9_.-]{0,63}$"
_VARIABLE: Final = r"^([A-Z_][A-Z0-9_]{0,63})?$"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ModelPart(_Part):
    """The table `[model]`: who is asked.

    Attributes:
        provider: which adapter asks.
        model: exact model id.
        base_url: where to ask, if not at the provider's own place.
        api_key_env: the environment variable with the key; "" for the provider's usual one.
        max_output_tokens: ceiling of a reply; a run in which it cuts replies off is not valid.
        effort: reasoning effort in the provider's words; "" for its default.
        background: the answer is worked out at the provider and fetched, so that a question that
            was on its way when a run was killed is picked up again (`openai` only; the provider
            keeps the answer for a while).
        options: fields for the provider's request, handed on as they are.
        deadline_s: seconds after which a call is given up, however it drips.
        read_timeout_s: seconds of silence after which a call is given up.
    """

    provider: Provider
    model: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    base_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s@]+$")] | None = None
    api_key_env: Annotated[str, StringConstraints(pattern=_VARIABLE)] = ""
    max_output_tokens: int = Field(default=8000, ge=64, le=1_000_000)
    effort: Annotated[str, StringConstraints(pattern=r"^[a-z]{0,16}$")] = ""
    background: bool = False
    options: dict[str, Any] = Field(default_factory=dict)
    deadline_s: float = Field(default=900.0, gt=0, le=86_400)
    read_timeout_s: float = Field(default=120.0, gt=0, le=86_400)

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.provider == "openai_compatible" and self.base_url is None:
            raise ValueError("provider openai_compatible needs base_url")
        if self.background and self.provider != "openai":
            raise ValueError("background is for provider openai only")
        taken = sorted(_HARNESS_FIELDS & set(self.options))
        if taken:
            raise ValueError(f"options may not set {', '.join(taken)}: the harness does")
        return self

    def settings(self) -> ModelSettings:
        """Return the table as its adapter takes it."""
        return ModelSettings(**self.model_dump(exclude={"provider"}))


class HarnessPart(_Part):
    """The table `[harness]`: what the agent may see and use, alike for every provider.

    Attributes:
        tier: degree of help.
        book: `open` puts the world's manual into the prompt.
        prompt: which file of `agents/prompts/` is the system prompt.
        max_buttons: most buttons in one call.
        notes_characters: most characters of notes.
        image_scale: how often a pixel is repeated to each side.
        screenshot: False leaves the picture out, for models that read only.
    """

    tier: TierName = "text"
    book: Literal["open", "closed"] = "closed"
    prompt: Annotated[str, StringConstraints(pattern=_PLAIN_NAME)] = "player"
    max_buttons: int = Field(default=8, ge=1, le=32)
    notes_characters: int = Field(default=2000, ge=100, le=16_000)
    image_scale: int = Field(default=3, ge=1, le=8)
    screenshot: bool = True

    @model_validator(mode="after")
    def _shows_something(self) -> Self:
        if self.tier == "pixels" and not self.screenshot:
            raise ValueError("tier pixels shows nothing but the screenshot; leave it on")
        return self

    @property
    def allows(self) -> Tier:
        """What the tier shows and offers, without the picture if the card wants none."""
        tier = TIERS[self.tier]
        return replace(tier, screen=tier.screen and self.screenshot)


class ContextPart(_Part):
    """The table `[context]`: what a model remembers.

    Attributes:
        mode: `epochs`, where notes and a hand-over open each new context, or `split`, where play
            is cut into segments that know nothing but a hand-over.
        epoch_tokens: a context ends once it holds so many tokens.
        epoch_images: or so many pictures; providers take 100 in a request at the least.
        segment_turns: turns after which a context ends as well, in the mode `split`.
        handover_characters: most characters of a hand-over.
    """

    mode: Literal["epochs", "split"] = "epochs"
    epoch_tokens: int = Field(default=45_000, ge=2_000, le=1_000_000)
    epoch_images: int = Field(default=90, ge=1, le=10_000)
    segment_turns: int = Field(default=200, ge=1, le=100_000)
    handover_characters: int = Field(default=2000, ge=200, le=32_000)

    def tools_of(self, tier: Tier) -> tuple[str, ...]:
        """Return the tier's tools that the mode allows: segments keep no notes."""
        return tuple(name for name in tier.tools if name != NOTES or self.mode == "epochs")


class PricesPart(_Part):
    """The table `[prices]`: which price table counts the dollars.

    Attributes:
        table: a file of `agents/prices/`; "unknown" counts none, "free" counts zero.
    """

    table: Annotated[str, StringConstraints(pattern=_PLAIN_NAME)] = "unknown"
