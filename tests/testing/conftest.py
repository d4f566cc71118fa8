"""Providers on loopback and the real SDKs that ask them."""

from collections.abc import Callable, Iterator

import anthropic
import httpx2
import openai
import pytest

from pokebench.testing import FakeProvider
from tests.testing.asking import REPLY, Clock, always

GptAt = Callable[[FakeProvider], openai.OpenAI]
ClaudeAt = Callable[[FakeProvider], anthropic.Anthropic]


@pytest.fixture(scope="session")
def claude_at() -> Iterator[ClaudeAt]:
    """Anthropic's SDK, asking a given provider; clients are slow to make, so they share one."""
    with anthropic.Anthropic(api_key="k", max_retries=0) as client:
        yield lambda provider: client.with_options(base_url=provider.url)


@pytest.fixture(scope="session")
def gpt_at() -> Iterator[GptAt]:
    """OpenAI's SDK, asking a given provider."""
    with openai.OpenAI(api_key="k", max_retries=0) as client:
        yield lambda provider: client.with_options(base_url=f"{provider.url}/v1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider(clock: Clock) -> Iterator[FakeProvider]:
    with FakeProvider(always(REPLY), clock=clock) as fake:
        yield fake


@pytest.fixture
def claude(claude_at: ClaudeAt, provider: FakeProvider) -> anthropic.Anthropic:
    return claude_at(provider)


@pytest.fixture
def gpt(gpt_at: GptAt, provider: FakeProvider) -> openai.OpenAI:
    return gpt_at(provider)


@pytest.fixture(scope="session")
def http() -> Iterator[httpx2.Client]:
    with httpx2.Client(verify=False) as client:
        yield client


@pytest.fixture
def raw(http: httpx2.Client, provider: FakeProvider) -> Callable[..., httpx2.Response]:
    """Asks without an SDK: method, path, and what httpx takes."""

    def ask(method: str, path: str, **options: object) -> httpx2.Response:
        headers = {"authorization": "Bearer k", "anthropic-version": "2026-10-21"}
        given = {"headers": headers} | options
        return http.request(method, provider.url + path, **given)  # type: ignore[arg-type]

    return ask
