from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from pokebench.content import content_dir, read_toml
from pokebench.errors import ConfigError

ROOT = Path(__file__).parents[1]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: int


@pytest.mark.parametrize("name", ["agents", "milestones", "suites"])
def test_the_content_read_is_this_repositorys(name: str) -> None:
    def files(folder: Path) -> dict[str, bytes]:
        return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.*")}

    assert files(content_dir(name)) == files(ROOT / name)


def test_a_missing_content_folder_is_named() -> None:
    with pytest.raises(ConfigError, match=r"no content folder .*nothing"):
        content_dir("nothing")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"number = ", "not valid TOML"),
        (b"number = 'x'", "number: Input should be a valid integer"),
        (b"number = 1\nother = 2", "other: Extra inputs are not permitted"),
        (b"", "number: Field required"),
        (b"\xff", "not UTF-8 text"),
    ],
)
def test_bad_toml_names_the_file_and_the_key(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "card.toml"
    path.write_bytes(content)

    with pytest.raises(ConfigError, match=message) as caught:
        read_toml(path, Model, "card")
    assert "card.toml" in str(caught.value)
