"""What the provider knows of real models, from `models.toml`."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from pokebench.content import read_toml

Pattern = Annotated[str, AfterValidator(lambda text: re.compile(text).pattern)]


class ModelRules(BaseModel):
    """Rules of some models.

    Attributes:
        pattern: regular expression that their ids match.
        example: one of them, to be listed.
        shortest_cache_tokens: tokens below which Anthropic caches no prefix.
        always_thinks: thinking cannot be switched off.
        refuses_sampling: temperature and the like are refused.
        refuses_forced_tools: a tool cannot be forced.
        refuses_chat_tools_with_reasoning: chat completions take tools or a reasoning effort.
        appends_instructions: instructions stand behind the input, where no cache holds them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pattern: Pattern
    example: str
    shortest_cache_tokens: int = 512
    always_thinks: bool = False
    refuses_sampling: bool = False
    refuses_forced_tools: bool = False
    refuses_chat_tools_with_reasoning: bool = False
    appends_instructions: bool = False


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    model: tuple[ModelRules, ...]


_ANY = ModelRules(pattern=".*", example="")


class KnownModels:
    """All rules; read when they are first needed."""

    @cached_property
    def _rules(self) -> tuple[ModelRules, ...]:
        path = Path(__file__).with_name("models.toml")
        return read_toml(path, _Table, "table of models").model

    def rules(self, model: str) -> ModelRules:
        """Return the rules of a model."""
        fitting = (rules for rules in self._rules if re.fullmatch(rules.pattern, model))
        return next(fitting, _ANY)

    def examples(self, family: str) -> list[str]:
        """Return a model id for each set of rules of `anthropic` or `openai`."""
        is_claude = family == "anthropic"
        names = [rules.example for rules in self._rules]
        return [name for name in names if name.startswith("claude") == is_claude]
