"""Scripts of replies in files, for authors of agents."""

import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from pokebench.content import explain, read_bytes, read_toml
from pokebench.errors import ConfigError
from pokebench.testing.reply import ScriptedReply

Pattern = Annotated[str, AfterValidator(lambda text: re.compile(text).pattern)]


class ScriptLine(BaseModel):
    """One reply of a script.

    Attributes:
        text: words.
        tool: name of the tool it calls; "" for none.
        arguments: the tool's arguments.
        thinking: thinking.
        times: how often in a row it is given.
        when: regular expression that the newest words must match; until they do, the reply waits
            and `otherwise` is given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = ""
    tool: str = ""
    arguments: dict[str, Any] = {}
    thinking: str = ""
    times: int = Field(default=1, ge=1, le=1_000_000)
    when: Pattern = ""

    def reply(self) -> ScriptedReply:
        """Return it as a player gives it."""
        return ScriptedReply(self.text, self.tool or None, dict(self.arguments), self.thinking)


class Script(BaseModel):
    """Replies in order.

    Attributes:
        reply: the replies.
        otherwise: what is given while a reply waits.
        at_end: what follows the last one: all again, the last one for ever, or a refusal of all
            further requests.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    reply: tuple[ScriptLine, ...] = Field(min_length=1)
    otherwise: ScriptLine = ScriptLine(text="Hm.")
    at_end: Literal["again", "last", "refuse"] = "again"

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the script in a TOML or JSON file.

        Raises:
            ConfigError: it cannot be read, or a key is wrong.
        """
        if path.suffix != ".json":
            return read_toml(path, cls, "script")
        try:
            return cls.model_validate(json.loads(read_bytes(path, "script")))
        except ValidationError as error:
            raise ConfigError(f"script {path}: {explain(error)}") from error
        except ValueError as error:
            raise ConfigError(f"script {path}: not valid JSON: {error}") from error


class ScriptReader:
    """Gives the replies of a script, one a question."""

    def __init__(self, script: Script) -> None:
        """Begin with the first reply of `script`."""
        self._script = script
        self._line = 0
        self._given = 0

    def __call__(self, number: int, texts: list[str]) -> ScriptedReply:
        """Return the next reply.

        Raises:
            ValueError: the script has ended.
        """
        lines = self._script.reply
        if self._line == len(lines):
            self._begin_again(number)
        line = lines[self._line]
        if line.when and not re.search(line.when, texts[-1] if texts else ""):
            return self._script.otherwise.reply()
        self._given += 1
        if self._given >= line.times:
            self._line, self._given = self._line + 1, 0
        return line.reply()

    def _begin_again(self, number: int) -> None:
        if self._script.at_end == "refuse":
            raise ValueError(f"the script has ended; this was question {number + 1}")
        self._line = 0 if self._script.at_end == "again" else len(self._script.reply) - 1
