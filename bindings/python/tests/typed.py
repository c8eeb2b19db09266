"""Checked by mypy, never run: answers narrow by what tells them apart."""

from typing_extensions import assert_never, assert_type

import hostfit
from hostfit.types import FittingPlatform, FoundInstances


def told(verdict: hostfit.Verdict) -> str:
    if verdict["verdict"] == "compatible":
        assert_type(verdict["platform"], FittingPlatform | None)
    for reason in verdict["reasons"]:
        if reason["kind"] == "count" or reason["kind"] == "instances":
            assert_type(reason["found"], FoundInstances)
        elif reason["kind"] == "runtime":
            assert_type(reason["wanted"], str)
        elif reason["kind"] == "platform":
            assert_type(reason["found"], list[hostfit.Platform] | None)
        elif reason["kind"] == "flag" or reason["kind"] == "attribute":
            assert_type(reason["name"], str)
        elif reason["kind"] == "nfd":
            assert_type(reason["name"], str | None)
        else:
            assert_never(reason)
    return verdict["verdict"]


with hostfit.Matcher() as matcher:
    with matcher.compile({"kind": "Requirements"}) as requirements, matcher.facts("{}") as host:
        assert_type(requirements, hostfit.Requirements)
        assert_type(host, hostfit.Host)
        assert_type(matcher.decide_many(requirements, [host]), list[hostfit.VerdictValue])
