"""What hostfit raises on purpose. Branch on ``code``, which is stable; docs/bindings.md lists the codes."""

from __future__ import annotations

from dataclasses import dataclass


class HostfitError(Exception):
    """The one base class.

    ``code`` is stable and kebab-case, ``str()`` says what was wrong and where, ``help`` what to do about it.
    """

    def __init__(self, code: str, message: str, *, help: str = "", pointer: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.help = help
        #: JSON Pointer (RFC 6901) of the value that is at fault, if there is one.
        self.pointer = pointer


@dataclass(frozen=True)
class Place:
    """Where in a document, facts or policy the core found an error."""

    #: The document's id, or "" for one that was given without an id.
    document: str
    #: Byte offset in the document's JSON.
    offset: int
    #: JSON Pointer (RFC 6901) of the value.
    pointer: str


class CoreError(HostfitError):
    """The core refused something; ``place`` says where, ``answer`` is what it said, as JSON."""

    def __init__(self, code: str, message: str, *, help: str, place: Place, answer: bytes) -> None:
        super().__init__(code, message, help=help, pointer=place.pointer)
        self.place = place
        self.answer = answer


class InputError(CoreError):
    """The core refused a document, facts, a policy or a candidate."""


class UnsupportedVersionError(InputError):
    """The document is written in a newer minor or another major version of the language."""


class LimitError(CoreError):
    """A limit was reached: the memory ceiling, the work budget, or one of the language's. The matcher stays usable."""


class MisuseError(HostfitError):
    """The binding was used wrongly: something closed, of another matcher, in two threads, or a value that JSON can't say."""


class LoadError(HostfitError):
    """The module isn't hostfit's, is of another ABI, or can't run here."""


class InstanceError(HostfitError):
    """The runtime ended a call in its middle (``instance-lost``): make another matcher."""
