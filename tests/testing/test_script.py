"""Scripts of replies in files."""

from pathlib import Path

import pytest

from pokebench.errors import ConfigError
from pokebench.testing import Question, Said, ScriptedReply, ScriptPlayer

TOML = """
at_end = "last"
[otherwise]
text = "I wait."

[[reply]]
text = "I look."
thinking = "Where am I?"
times = 2

[[reply]]
tool = "press_buttons"
arguments = {buttons = ["a"]}
when = "door"
"""
JSON = '{"at_end": "refuse", "reply": [{"text": "Only this."}]}'


def ask(player: ScriptPlayer, words: str = "go on") -> ScriptedReply:
    return player.reply(Question("m", (Said("user", 0, (words,)),), ()))


def written(path: Path, text: str) -> ScriptPlayer:
    path.write_text(text)
    return ScriptPlayer.load(path)


def test_replies_come_in_order_and_wait_for_their_words(tmp_path: Path) -> None:
    player = written(tmp_path / "script.toml", TOML)
    said = [ask(player, words).text for words in ("start", "on", "on", "a door", "a door", "on")]

    assert said == ["I look.", "I look.", "I wait.", "", "", "I wait."]
    assert ask(player, "a door") == ScriptedReply("", "press_buttons", {"buttons": ["a"]})


def test_a_script_may_be_json_and_may_end(tmp_path: Path) -> None:
    player = written(tmp_path / "script.json", JSON)

    assert ask(player).text == "Only this."
    with pytest.raises(ValueError, match="the script has ended; this was question 2"):
        ask(player)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("s.toml", "[[reply]]\ntxt = 'x'\n", r"script .*s\.toml: reply\.0\.txt"),
        ("s.toml", "", "reply: Field required"),
        ("s.json", "{", "not valid JSON"),
        ("s.json", '{"reply": []}', "reply"),
    ],
)
def test_a_wrong_script_is_named_with_its_key(
    name: str, text: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=words):
        written(tmp_path / name, text)
