"""Makes static pages of templates: every word is escaped, every file lies under one folder."""

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pokebench.errors import ConfigError

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'"
)
"""What a page may load: its own styles and scripts."""


class Pages:
    """Writes pages and files into one folder."""

    def __init__(self, out: Path, package: str) -> None:
        """Write into `out`, with the templates of `package` and those that all pages share."""
        self._out = out
        loaders = [PackageLoader(package), PackageLoader("pokebench.report")]
        self._templates = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["policy"] = POLICY
        self._templates.filters["svg"] = Markup

    def page(self, name: str, template: str, **values: Any) -> Path:
        """Write a page; `root` in the template leads back to the folder.

        Raises:
            ConfigError: the folder cannot be written.
        """
        root = "../" * name.count("/")
        text = self._templates.get_template(template).render(root=root, **values)
        return self.file(name, text)

    def file(self, name: str, text: str) -> Path:
        """Write a file.

        Raises:
            ConfigError: the folder cannot be written.
        """
        path = self._out / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"cannot write {path}: {error.strerror}") from error
        return path

    def styles(self) -> None:
        """Write the styles that all pages share: colours and type as in the viewer."""
        theme = files("pokebench.viewer") / "static" / "theme.css"
        own = files("pokebench.report") / "static" / "pages.css"
        self.file("style.css", theme.read_text("utf-8") + "\n" + own.read_text("utf-8"))


def today() -> str:
    """Return the day, for a page's foot."""
    return datetime.now(UTC).strftime("%Y-%m-%d")
