"""Writes SVG: an element is made of words and numbers, and every word is escaped."""

from xml.etree import ElementTree

Element = ElementTree.Element


def picture(width: float, height: float, title: str, css_class: str = "") -> Element:
    """Return an empty picture of a size; `title` is what a screen reader says of it."""
    return Element(
        "svg",
        {
            "viewBox": f"0 0 {number(width)} {number(height)}",
            "role": "img",
            "aria-label": title,
            "class": f"chart {css_class}".strip(),
        },
    )


def add(parent: Element, tag: str, text: str = "", **attributes: str | float) -> Element:
    """Add an element; underscores in names of attributes stand for dashes, `cls` for `class`."""
    found = {
        ("class" if name == "cls" else name.replace("_", "-")): (
            value if isinstance(value, str) else number(value)
        )
        for name, value in attributes.items()
    }
    element = ElementTree.SubElement(parent, tag, found)
    element.text = text or None
    return element


def path(points: list[tuple[float, float]], *, closed: bool = False) -> str:
    """Return the drawing of a line through points."""
    drawn = "".join(
        f"{'M' if index == 0 else 'L'}{number(x)} {number(y)}"
        for index, (x, y) in enumerate(points)
    )
    return drawn + "Z" if closed and drawn else drawn


def number(value: float) -> str:
    """Return a number with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def written(element: Element) -> str:
    """Return the picture as text."""
    return ElementTree.tostring(element, encoding="unicode")
