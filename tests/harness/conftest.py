from collections.abc import Iterator

import pytest

from pokebench.testing import FakeProvider, MirrorPlayer
from tests.harness.asking import KEY, KEY_VARIABLE


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    """A provider behind which the oracle plays."""
    with FakeProvider(MirrorPlayer()) as fake:
        yield fake
