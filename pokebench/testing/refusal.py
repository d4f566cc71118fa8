"""Why a request is refused; each wire says it in its provider's own words."""


class RefusedError(Exception):
    """The provider refuses a request.

    Attributes:
        status: HTTP status.
        kind: the error's type, as its provider calls it.
        words: what is wrong.
        param: the parameter that is wrong, where the provider names it.
        code: the error's code, where the provider has one.
    """

    def __init__(
        self, status: int, kind: str, words: str, param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(words)
        self.status = status
        self.kind = kind
        self.words = words
        self.param = param
        self.code = code


def invalid(words: str, param: str | None = None, code: str | None = None) -> RefusedError:
    """Return the refusal of a request that is not well formed."""
    return RefusedError(400, "invalid_request_error", words, param, code)
