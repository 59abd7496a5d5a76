"""The file that ``adhere cache compare`` writes."""

from __future__ import annotations

import msgspec

from adhere.errors import ConfigError, Problem
from adhere.model.caching import Comparison

NAME = "comparison.json"
CODE = "comparison-invalid"

_decoder = msgspec.json.Decoder(Comparison)


def read_comparison(text: str, path: str) -> Comparison:
    """Read a comparison.

    Args:
        text: of the file.
        path: what to call it.

    Raises:
        ConfigError: it is none, or of a schema that is not known.
    """
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        message = f"it is no comparison: {error}"
        raise ConfigError(
            Problem(CODE, message, path=path, hint="write it anew: adhere cache compare")
        ) from None
