"""From a card's settings to a model that answers; SDKs are imported when they are needed."""

import importlib
import os
from typing import Final, NamedTuple

from pokebench.errors import ConfigError
from pokebench.models.protocol import Model, ModelSettings


class _Adapter(NamedTuple):
    module: str
    name: str
    extra: str
    key_env: str


_ADAPTERS: Final = {
    "anthropic": _Adapter(
        "pokebench.models.anthropic_messages", "AnthropicModel", "anthropic", "ANTHROPIC_API_KEY"
    ),
    "openai": _Adapter(
        "pokebench.models.openai_responses", "OpenAIModel", "openai", "OPENAI_API_KEY"
    ),
    "openai_compatible": _Adapter("pokebench.models.openai_chat", "ChatModel", "openai", ""),
}
_NO_KEY: Final = "none"
"""What is sent to servers that want no key; the SDK insists on one."""


def build_model(provider: str, settings: ModelSettings) -> Model:
    """Return the adapter for a provider.

    Raises:
        ConfigError: there is no such provider, its SDK is not installed, or the key is not set.
    """
    if provider not in _ADAPTERS:
        raise ConfigError(f"model.provider {provider!r}: use one of {', '.join(_ADAPTERS)}")
    adapter = _ADAPTERS[provider]
    if provider == "openai_compatible" and not settings.base_url:
        raise ConfigError("model.base_url: a compatible server needs its address")
    key = _key(key_variable(provider, settings.api_key_env))
    try:
        module = importlib.import_module(adapter.module)
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"model.provider {provider!r} needs the {adapter.extra} SDK: "
            f"pip install -c constraints.txt -e '.[{adapter.extra}]' in the checkout"
        ) from error
    model: Model = getattr(module, adapter.name)(settings, key)
    return model


def key_variable(provider: str, named: str = "") -> str:
    """Return the environment variable that holds the key: `named`, or the provider's; or ""."""
    adapter = _ADAPTERS.get(provider)
    return named or (adapter.key_env if adapter else "")


def _key(variable: str) -> str:
    if not variable:
        return _NO_KEY
    key = os.environ.get(variable, "")
    if not key:
        raise ConfigError(f"no API key: set the environment variable {variable}")
    return key
