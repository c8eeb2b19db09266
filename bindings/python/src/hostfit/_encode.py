"""Python values as the JSON that says exactly what they are, or not at all."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Union

from .errors import MisuseError

#: A document, facts or policy: a mapping, JSON text, or JSON bytes in UTF-8.
JsonInput = Union[Mapping[str, object], str, bytes, bytearray, memoryview]

#: Well past what the core takes, and well within what Python's stack does.
_MAX_DEPTH = 200

_Path = tuple[Union[str, int], ...]


def encode(value: JsonInput) -> bytes:
    """The bytes that the core reads. Bytes and text pass as they are: the core judges them."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, str):
        return _utf8(value, ())
    if not isinstance(value, Mapping):
        raise MisuseError(
            "bad-input",
            f"a document must be a mapping, text or bytes, not {type(value).__name__}",
            help="pass a dict, JSON text, or JSON bytes in UTF-8",
        )
    return encode_exactly(value)


def encode_exactly(value: object) -> bytes:
    """JSON of a value, or a MisuseError with the place where JSON would say something else."""
    plain = _plain(value, ())
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _plain(value: object, path: _Path) -> object:
    """The value of JSON's own types; json.dumps would silently turn some others into these."""
    if len(path) > _MAX_DEPTH:
        raise _inexact("is nested too deeply, or contains itself", ())
    if isinstance(value, str):
        _utf8(value, path)
        return value
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _inexact(f"is {value}", path)
        return value
    if isinstance(value, Mapping):
        out: dict[str, object] = {}
        for key, part in value.items():
            if not isinstance(key, str):
                raise _inexact(f"has a key that is {type(key).__name__}", path)
            _utf8(key, path)
            out[key] = _plain(part, (*path, key))
        return out
    if isinstance(value, (list, tuple)):
        return [_plain(part, (*path, at)) for at, part in enumerate(value)]
    raise _inexact(f"is of type {type(value).__name__}", path)


def _utf8(text: str, path: _Path) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise _inexact("has a lone surrogate", path) from error


def _inexact(what: str, path: _Path) -> MisuseError:
    pointer = "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)
    return MisuseError(
        "not-json",
        f"{pointer or 'the value'} {what}: JSON can't say it exactly",
        help="pass the document as JSON text or bytes, or change the value to a string",
        pointer=pointer,
    )
