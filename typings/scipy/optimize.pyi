"""The few functions of scipy.optimize that pokebench's tests call."""

from typing import Any

def minimize(fun: Any, x0: Any, *, method: str = ..., **kwargs: Any) -> Any: ...
