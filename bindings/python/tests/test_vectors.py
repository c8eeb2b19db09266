"""The conformance vectors (test/vectors/README.md)."""

from __future__ import annotations

import base64
import json
import os
import unittest
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hostfit

VECTORS = Path(os.environ.get("HOSTFIT_VECTORS", Path(__file__).parents[3] / "test" / "vectors"))


def source(value: dict[str, Any]) -> str | bytes:
    text: str | None = value.get("text")
    return base64.b64decode(value["base64"]) if text is None else text


def documents(listed: list[dict[str, Any]]) -> list[hostfit.Document]:
    return [hostfit.Document(one["id"], source(one), one["dialect"]) for one in listed]


def answer(matcher: hostfit.Matcher, vector: dict[str, Any]) -> bytes:
    """The core's own bytes, of a refusal too."""
    try:
        with ExitStack() as handles:
            return ask(matcher, vector, handles)
    except hostfit.CoreError as error:
        return error.answer


def ask(matcher: hostfit.Matcher, vector: dict[str, Any], handles: ExitStack) -> bytes:
    candidates: list[hostfit.Candidate] = []
    requirements = None
    if "candidates" in vector:
        for one in vector["candidates"]:
            listed = documents(one.get("documents", []))
            compiled = handles.enter_context(matcher.compile(listed)) if listed else None
            candidates.append(candidate(one, compiled))
    else:
        requirements = handles.enter_context(matcher.compile(documents(vector["documents"])))
    host = handles.enter_context(matcher.facts(source(vector["facts"])))
    policy = handles.enter_context(matcher.policy(source(vector["policy"]))) if "policy" in vector else None
    if requirements is None:
        allowed = vector.get("allowUndetermined", False)
        return matcher.rank_json(candidates, host, policy=policy, allow_undetermined=allowed)
    asked = candidate(vector["candidate"], None) if "candidate" in vector else None
    return matcher.evaluate_json(requirements, host, candidate=asked, policy=policy)


def candidate(one: dict[str, Any], requirements: hostfit.Requirements | None) -> hostfit.Candidate:
    return hostfit.Candidate(
        id=one.get("id", ""),
        platform=one.get("platform"),
        annotations=one.get("annotations"),
        requirements=requirements,
        author=one.get("author", ""),
    )


class Vectors(unittest.TestCase):
    def test_every_answer_is_as_the_vectors_say(self) -> None:
        lines = []
        with hostfit.Matcher() as matcher:
            for file in sorted(VECTORS.glob("*.json")):
                for vector in json.loads(file.read_bytes())["cases"]:
                    got = answer(matcher, vector)
                    lines.append(got + b"\n")
                    with self.subTest(file=file.name, vector=vector["name"]):
                        told = json.loads(got)
                        if "error" in vector["expect"]:
                            told = {"error": {key: told[key] for key in ("code", "pointer", "document")}}
                        self.assertEqual(told, vector["expect"])
        self.assertGreater(len(lines), 1500)
        # Compared byte for byte with Node's by test/bindings/python.test.ts.
        if "HOSTFIT_ANSWERS" in os.environ:
            Path(os.environ["HOSTFIT_ANSWERS"]).write_bytes(b"".join(lines))

    def test_every_misuse_has_its_code(self) -> None:
        classes: dict[str, type[hostfit.HostfitError]] = {
            "not-hostfit": hostfit.LoadError,
            "abi-mismatch": hostfit.LoadError,
            "bad-limit": hostfit.MisuseError,
            "out-of-memory": hostfit.LimitError,
            "budget-exceeded": hostfit.LimitError,
        }
        wasm = (Path(hostfit.__file__).parent / "hostfit.wasm").read_bytes()
        for case in json.loads((VECTORS / "misuse" / "cases.json").read_bytes())["cases"]:
            with self.subTest(case=case["name"]):
                expect = case["expect"]
                with self.assertRaises(classes[expect["code"]]) as raised:
                    module = None
                    if "module" in case:
                        module = base64.b64decode(case["module"])
                    if "bytesOfCore" in case:
                        module = wasm[: case["bytesOfCore"]]
                    core = None if module is None else hostfit.Core(module)
                    with hostfit.Matcher(core, memory=case.get("memory"), work=case.get("work")) as matcher:
                        self.assertEqual(expect["from"], "facts")
                        matcher.facts(case["facts"])
                self.assertEqual(raised.exception.code, expect["code"])


if __name__ == "__main__":
    unittest.main()
