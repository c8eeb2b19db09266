"""hostfit: does this container image fit this host, and which of its variants fits best?

>>> import hostfit
>>> with hostfit.Matcher() as matcher:
...     requirements = matcher.compile(
...         {"apiVersion": "hostfit/v1.0", "kind": "Requirements", "requires": {"cpu.cpuid": ["AVX2"]}})
...     unseen = matcher.facts({"kind": "Host"})
...     verdict = matcher.evaluate(requirements, unseen)
>>> verdict["verdict"], verdict["reasons"][0]["pointer"]
('undetermined', '/requires/cpu.cpuid/0')

Nothing is decided in Python: the core, one WebAssembly module, reads the documents, compares and explains, and every binding
of hostfit gives the same bytes. Everything that is raised on purpose is a HostfitError with a stable ``code``.
"""

from ._core import Core
from ._encode import JsonInput
from ._matcher import Candidate, Document, Host, Matcher, Policy, Requirements
from .errors import (
    CoreError,
    HostfitError,
    InputError,
    InstanceError,
    LimitError,
    LoadError,
    MisuseError,
    Place,
    UnsupportedVersionError,
)
from .types import Dialect, Platform, Ranked, Ranking, Reason, Verdict, VerdictValue

__all__ = [
    "Candidate",
    "Core",
    "CoreError",
    "Dialect",
    "Document",
    "Host",
    "HostfitError",
    "InputError",
    "InstanceError",
    "JsonInput",
    "LimitError",
    "LoadError",
    "Matcher",
    "MisuseError",
    "Place",
    "Platform",
    "Policy",
    "Ranked",
    "Ranking",
    "Reason",
    "Requirements",
    "UnsupportedVersionError",
    "Verdict",
    "VerdictValue",
]
