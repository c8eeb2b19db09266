"""The shapes of answers, as docs/language.md ("Answers") has them: plain dictionaries, typed.

``verdict["verdict"]`` and ``reason["kind"]`` tell the members of a union apart; a type checker narrows by them.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict, Union

VerdictValue = Literal["compatible", "incompatible", "undetermined"]
Kleene = Literal["true", "false", "unknown"]
Dialect = Literal["native", "nfd"]
JsonValue = Any


class _PlatformNames(TypedDict):
    os: str
    architecture: str


class Platform(
    _PlatformNames,
    TypedDict("_PlatformDetails", {"variant": str, "os.version": str, "os.features": list[str]}, total=False),
):
    """OCI platform object (image-spec, a descriptor's ``platform``)."""


class FittingPlatform(TypedDict):
    """The host runs it."""

    value: Literal["true"]
    host: int
    containerd: bool
    wanted: Platform


class OtherPlatform(TypedDict):
    """The host doesn't run it."""

    value: Literal["false"]
    host: None
    containerd: bool
    wanted: Platform


class UnknownPlatform(TypedDict):
    """Whether the host runs it is not known."""

    value: Literal["unknown"]
    host: int | None
    containerd: bool
    wanted: Platform | None


PlatformAnswer = Union[FittingPlatform, OtherPlatform, UnknownPlatform]


class RuntimeChoice(TypedDict):
    """The runtime to use: the document's name for it, and the host's."""

    type: str
    handler: str | None


class FoundAbsent(TypedDict):
    absent: Literal[True]


class FoundUnknown(TypedDict):
    unknown: Literal[True]


class FoundUnreadable(TypedDict):
    """A text that can't be read as what the test compares."""

    unreadable: str


class FoundInstances(TypedDict):
    """Instances that were counted."""

    instances: int
    matching: int
    unknown: int
    partial: bool


FoundText = Union[str, FoundAbsent, FoundUnknown, FoundUnreadable]


class _Placed(TypedDict):
    document: str
    pointer: str
    within: str | None
    title: str | None
    description: str | None
    documentation: str | None
    origin: str | None


class FlagReason(_Placed):
    kind: Literal["flag"]
    value: Kleene
    feature: str
    name: str
    wanted: str
    found: Literal["present", "absent"] | None


class AttributeReason(_Placed):
    kind: Literal["attribute"]
    value: Kleene
    feature: str
    name: str
    wanted: JsonValue
    found: FoundText


class InstancesReason(_Placed):
    kind: Literal["instances"]
    value: Kleene
    feature: str
    name: None
    wanted: JsonValue
    found: FoundInstances


class CountReason(_Placed):
    kind: Literal["count"]
    value: Kleene
    feature: str
    name: None
    wanted: JsonValue
    found: FoundInstances


class PlatformReason(_Placed):
    kind: Literal["platform"]
    value: Literal["false", "unknown"]
    feature: None
    name: None
    wanted: Platform | None
    found: list[Platform] | None


class RuntimeReason(_Placed):
    kind: Literal["runtime"]
    value: Kleene
    feature: None
    name: None
    wanted: str
    found: str | list[str] | None


class NfdReason(_Placed):
    kind: Literal["nfd"]
    value: Kleene
    feature: str | None
    name: str | None
    wanted: JsonValue
    found: FoundText | FoundInstances | None


Reason = Union[
    FlagReason, AttributeReason, InstancesReason, CountReason, PlatformReason, RuntimeReason, NfdReason
]


class PreferenceAnswer(TypedDict):
    """A preference and its value: its weight counts if it is true."""

    document: str
    pointer: str
    name: str | None
    weight: int
    value: Kleene


class NfdSet(TypedDict):
    """The best-weighted compatibility set that holds."""

    index: int
    weight: int
    tag: str | None
    description: str | None


class NfdMatch(TypedDict):
    document: str
    match: bool
    set: NfdSet | None


class NfdErrorDetails(TypedDict):
    code: str
    pointer: str


class NfdFailure(TypedDict):
    document: str
    error: NfdErrorDetails


#: What NFD itself would answer for a document of its dialect.
NfdAnswer = Union[NfdMatch, NfdFailure]


class _VerdictBody(TypedDict):
    score: int
    maxScore: int
    runtime: RuntimeChoice | None
    reasons: list[Reason]
    omitted: int
    preferences: list[PreferenceAnswer]
    nfd: list[NfdAnswer]


class CompatibleVerdict(_VerdictBody):
    """Fits, whatever the facts are that nobody has observed."""

    verdict: Literal["compatible"]
    platform: FittingPlatform | None


class IncompatibleVerdict(_VerdictBody):
    """Doesn't fit, whatever the facts are that nobody has observed."""

    verdict: Literal["incompatible"]
    platform: PlatformAnswer | None


class UndeterminedVerdict(_VerdictBody):
    """Depends on facts that nobody has observed; the reasons name them."""

    verdict: Literal["undetermined"]
    platform: FittingPlatform | UnknownPlatform | None


Verdict = Union[CompatibleVerdict, IncompatibleVerdict, UndeterminedVerdict]


class Ranked(_VerdictBody):
    """A candidate's verdict, and its place."""

    id: str
    #: The candidate's place in the list that was given.
    index: int
    verdict: VerdictValue
    #: The step of docs/language.md, "Choosing", that decided its place.
    decidedBy: str
    policyScore: int
    documented: bool
    platform: PlatformAnswer | None


class Ranking(TypedDict):
    """Candidates in order for one host: the best first, those that don't fit last."""

    #: Index into the candidates that were given, or None if none can be chosen.
    chosen: int | None
    candidates: list[Ranked]
