"""Compiles requirements, loads facts, gives verdicts."""

from __future__ import annotations

import functools
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Generic, Literal, TypeVar, cast

from ._core import Core, Instance
from ._encode import JsonInput, encode, encode_exactly
from .errors import MisuseError
from .types import Dialect, Platform, Ranking, Verdict, VerdictValue

_VALUES: Final[tuple[VerdictValue, ...]] = ("incompatible", "undetermined", "compatible")
_Kind = TypeVar("_Kind", bound=str)


@dataclass(frozen=True)
class Document:
    """One of the ordered documents that requirements are compiled from; ``id`` is named in every reason."""

    id: str
    document: JsonInput
    dialect: Dialect = "native"


class _Handle(Generic[_Kind]):
    """A handle of the core. Closed by ``close``, by ``with``, or when nobody refers to it any more."""

    def __init__(self, owner: "Matcher", number: int, kind: _Kind) -> None:
        self._owner = owner
        self._number = number
        self.kind: _Kind = kind

    def close(self) -> None:
        """Gives back what it holds in the core. Closing twice is no error."""
        number, self._number = self._number, 0
        if number != 0:
            self._owner._forget(number)

    def __enter__(self: "_Self") -> "_Self":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        # An error in __init__ leaves an object without a number.
        if getattr(self, "_number", 0) != 0:
            self.close()


_Self = TypeVar("_Self", bound=_Handle[Any])


class Requirements(_Handle[Literal["requirements"]]):
    """Compiled requirements documents."""


class Host(_Handle[Literal["host"]]):
    """A host's facts inside the core."""


class Policy(_Handle[Literal["policy"]]):
    """An administrator's policy inside the core."""


@dataclass(frozen=True)
class Candidate:
    """A manifest that could be chosen."""

    #: Shown in the answer; a digest as a rule.
    id: str = ""
    #: None: not known.
    platform: Platform | None = None
    annotations: Mapping[str, str] | None = None
    #: None: it is judged by its platform alone.
    requirements: Requirements | None = None
    #: Whose documents these are: scores are compared only between equal ones.
    author: str = ""


@functools.lru_cache(maxsize=1)
def _default_core() -> Core:
    return Core()


class Matcher:
    """Compiles requirements, loads facts and gives verdicts, over an instance of the core of its own.

    One thread at a time: a call while another thread's is under way raises MisuseError (``concurrent-use``).

    ``memory`` is the ceiling of the core's memory in bytes (1 GiB by default), ``work`` the budget of one call in units of about a
    nanosecond (2,000,000,000 by default). Raises LoadError for a module that isn't hostfit's.

    >>> with Matcher() as matcher:
    ...     requirements = matcher.compile(
    ...         {"apiVersion": "hostfit/v1.0", "kind": "Requirements", "requires": {"cpu.cpuid": ["AVX2"]}})
    ...     host = matcher.facts({"kind": "Host", "features": {"flags": {"cpu.cpuid": {"elements": ["AVX2"]}}}})
    ...     matcher.decide(requirements, host)
    'compatible'
    """

    def __init__(self, core: Core | None = None, *, memory: int | None = None, work: int | None = None) -> None:
        self._instance: Instance | None = None
        #: Handles that were closed since the last call: closing must be possible at any time, in any thread.
        self._forgotten: list[int] = []
        self._instance = Instance(core or _default_core(), memory, work)

    def compile(
        self, document: JsonInput | Sequence[Document], *, dialect: Dialect = "native"
    ) -> Requirements:
        """Compiles one document, or an ordered list of documents with ids: what all of them require is required.

        Raises InputError, UnsupportedVersionError or LimitError for what the core refuses.

        >>> with Matcher() as matcher:
        ...     matcher.compile({"apiVersion": "hostfit/v1.0", "kind": "Requirements", "requires": {"cpu.cpuid": []}})
        Traceback (most recent call last):
        hostfit.errors.InputError: empty at /requires/cpu.cpuid
        """
        if isinstance(document, (list, tuple)):
            documents = document
        else:
            documents = [Document("", cast(JsonInput, document), dialect)]
        return Requirements(self, self._load("hf_compile", _bundle(documents)), "requirements")

    def facts(self, facts: JsonInput) -> Host:
        """Loads a host's facts: a Host document, or NFD's NodeFeature object. Raises InputError, LimitError."""
        return Host(self, self._load("hf_facts", encode(facts)), "host")

    def policy(self, policy: JsonInput) -> Policy:
        """Loads a policy. Raises InputError, LimitError."""
        return Policy(self, self._load("hf_policy", encode(policy)), "policy")

    def decide(self, requirements: Requirements, host: Host) -> VerdictValue:
        """The verdict alone, without reasons, candidate or policy."""
        instance = self._live()
        with instance.exclusively():
            self._tidy(instance)
            return _VALUES[instance.decide(self._number(requirements, Requirements), self._number(host, Host))]

    def decide_many(self, requirements: Requirements, hosts: Iterable[Host]) -> list[VerdictValue]:
        """As ``decide`` for many hosts, in one call of the core.

        >>> with Matcher() as matcher:
        ...     requirements = matcher.compile(
        ...         {"apiVersion": "hostfit/v1.0", "kind": "Requirements", "requires": {"cpu.cpuid": ["AVX2"]}})
        ...     flags = [{"flags": {"cpu.cpuid": {"elements": have}}} for have in (["AVX2"], [])]
        ...     hosts = [matcher.facts({"kind": "Host", "features": features}) for features in (*flags, {})]
        ...     matcher.decide_many(requirements, hosts)
        ['compatible', 'incompatible', 'undetermined']
        """
        instance = self._live()
        numbers = [self._number(host, Host) for host in hosts]
        with instance.exclusively():
            self._tidy(instance)
            planes = instance.decide_many(self._number(requirements, Requirements), numbers)
        half = len(planes) // 2
        lower, upper = int.from_bytes(planes[:half], "little"), int.from_bytes(planes[half:], "little")
        # As text, since shifting a number of so many bits for each of them would take the square of their count.
        bits = zip(reversed(f"{lower:0{len(numbers)}b}"), reversed(f"{upper:0{len(numbers)}b}"))
        return [_VALUES[(low == "1") + (up == "1")] for _, (low, up) in zip(numbers, bits)]

    def evaluate(
        self,
        requirements: Requirements,
        host: Host,
        *,
        candidate: Candidate | None = None,
        policy: Policy | None = None,
    ) -> Verdict:
        """The verdict with its reasons. With a candidate its platform and annotations take part."""
        return cast(Verdict, json.loads(self.evaluate_json(requirements, host, candidate=candidate, policy=policy)))

    def evaluate_json(
        self,
        requirements: Requirements,
        host: Host,
        *,
        candidate: Candidate | None = None,
        policy: Policy | None = None,
    ) -> bytes:
        """``evaluate`` for who hands the answer on: the bytes as the core wrote them."""
        instance = self._live()
        asked = None if candidate is None else encode_exactly(_asked(candidate))
        with instance.exclusively():
            self._tidy(instance)
            return instance.evaluate(
                self._number(requirements, Requirements),
                self._number(host, Host),
                0 if policy is None else self._number(policy, Policy),
                asked,
            )

    def rank(
        self,
        candidates: Iterable[Candidate],
        host: Host,
        *,
        policy: Policy | None = None,
        allow_undetermined: bool = False,
    ) -> Ranking:
        """Candidates in order for a host, explained.

        >>> with Matcher() as matcher:
        ...     host = matcher.facts({"kind": "Host", "platforms": [{"os": "linux", "architecture": "arm64"}]})
        ...     platforms = [{"os": "linux", "architecture": one} for one in ("amd64", "arm64")]
        ...     ranking = matcher.rank([Candidate(one["architecture"], one) for one in platforms], host)
        ...     ranking["chosen"], [(one["id"], one["verdict"]) for one in ranking["candidates"]]
        (1, [('arm64', 'compatible'), ('amd64', 'incompatible')])
        """
        answer = self.rank_json(candidates, host, policy=policy, allow_undetermined=allow_undetermined)
        return cast(Ranking, json.loads(answer))

    def rank_json(
        self,
        candidates: Iterable[Candidate],
        host: Host,
        *,
        policy: Policy | None = None,
        allow_undetermined: bool = False,
    ) -> bytes:
        """``rank`` for who hands the answer on: the bytes as the core wrote them."""
        instance = self._live()
        listed = [
            {
                "id": one.id,
                **_asked(one),
                "requirements": None if one.requirements is None else self._number(one.requirements, Requirements),
                "author": one.author,
            }
            for one in candidates
        ]
        question = encode_exactly({"candidates": listed, "allowUndetermined": allow_undetermined})
        with instance.exclusively():
            self._tidy(instance)
            return instance.rank(
                self._number(host, Host), 0 if policy is None else self._number(policy, Policy), question
            )

    def close(self) -> None:
        """Gives back everything that this matcher holds. Closing twice is no error."""
        self._instance = None

    def __enter__(self) -> "Matcher":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _live(self) -> Instance:
        if self._instance is None:
            raise MisuseError("disposed", "this matcher was closed", help="make another")
        return self._instance

    def _load(self, function: str, data: bytes) -> int:
        instance = self._live()
        with instance.exclusively():
            self._tidy(instance)
            return instance.load(function, data)

    def _forget(self, number: int) -> None:
        if self._instance is not None:
            self._forgotten.append(number)

    def _tidy(self, instance: Instance) -> None:
        while self._forgotten:
            instance.free(self._forgotten.pop())

    def _number(self, handle: object, kind: type[_Handle[_Kind]]) -> int:
        if not isinstance(handle, kind):
            raise MisuseError(
                "wrong-handle",
                f"{type(handle).__name__} where {kind.__name__} is expected",
                help="pass what compile, facts or policy returned",
            )
        if handle._number == 0:
            raise MisuseError("disposed", f"this {handle.kind} was closed", help="compile or load it again")
        if handle._owner is not self:
            raise MisuseError(
                "wrong-matcher",
                f"this {handle.kind} belongs to another matcher",
                help="use things with the matcher that made them",
            )
        return handle._number


def _asked(candidate: Candidate) -> dict[str, object]:
    return {"platform": candidate.platform, "annotations": candidate.annotations or {}}


def _bundle(documents: Sequence[Document]) -> bytes:
    """Documents as hf_compile reads them (docs/abi.md, "Bundle")."""
    if not documents or not all(isinstance(one, Document) and one.dialect in ("native", "nfd") for one in documents):
        raise MisuseError(
            "bad-input",
            "not a list of documents with ids, in dialects that there are",
            help='pass [hostfit.Document(id, document, "native" or "nfd"), ...]',
        )
    parts = [(one.dialect == "nfd", encode(one.id), encode(one.document)) for one in documents]
    head = struct.pack("<I", len(parts)) + b"".join(
        struct.pack("<III", dialect, len(id), len(document)) for dialect, id, document in parts
    )
    return head + b"".join(id + document for _, id, document in parts)
