"""The list of models, in the form of each provider."""

from typing import Any

from pokebench.testing.known_models import KnownModels

Json = dict[str, Any]
SCRIPTED_EXAMPLE = "scripted:tallgrass:micro@1:seed1"
"""A model that the mirror player plays as: game, world and start perturbation."""


def model_entry(family: str, model: str, context_tokens: int | None) -> Json:
    """Return what is said about one model."""
    if family == "anthropic":
        return {
            "type": "model", "id": model, "display_name": model, "lifecycle": "active",
            "created_at": "1970-01-01T00:00:00Z", "max_input_tokens": context_tokens,
            "max_tokens": None, "capabilities": None,
        }  # fmt: skip
    return {"id": model, "object": "model", "created": 0, "owned_by": "fake-provider"}


def model_page(family: str, models: KnownModels, context_tokens: int | None) -> Json:
    """Return the list of models."""
    names = [SCRIPTED_EXAMPLE, *models.examples(family)]
    data = [model_entry(family, name, context_tokens) for name in names]
    if family == "anthropic":
        ends = {"first_id": names[0], "last_id": names[-1]}
        return {"data": data, "has_more": False, **ends}
    return {"object": "list", "data": data}
