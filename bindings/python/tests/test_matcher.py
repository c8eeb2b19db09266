from __future__ import annotations

import datetime
import doctest
import gc
import threading
import unittest
from typing import Any

import wasmtime

import hostfit
import hostfit._matcher

HEADING: dict[str, Any] = {"apiVersion": "hostfit/v1.0", "kind": "Requirements"}
NEEDS_AVX2: dict[str, Any] = {**HEADING, "requires": {"cpu.cpuid": ["AVX2"]}}


def host_with(*flags: str) -> dict[str, Any]:
    return {"kind": "Host", "features": {"flags": {"cpu.cpuid": {"elements": list(flags)}}}}


class AMatcher(unittest.TestCase):
    def setUp(self) -> None:
        self.matcher = hostfit.Matcher()
        self.addCleanup(self.matcher.close)

    def test_takes_documents_as_mappings_text_and_bytes(self) -> None:
        host = self.matcher.facts(host_with("AVX2"))
        text = '{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"cpu.cpuid":["AVX2"]}}'
        forms: list[Any] = [NEEDS_AVX2, text, text.encode(), bytearray(text.encode()), memoryview(text.encode())]
        for document in (*forms, [hostfit.Document("index", text)]):
            self.assertEqual(self.matcher.decide(self.matcher.compile(document), host), "compatible")

    def test_decides_as_it_evaluates_for_one_host_and_for_many(self) -> None:
        requirements = self.matcher.compile(NEEDS_AVX2)
        facts: list[dict[str, Any]] = [host_with("AVX2"), host_with(), {"kind": "Host"}]
        wanted = ["compatible", "incompatible", "undetermined"]
        for count in (0, 1, 7, 8, 9, 31, 32, 33, 200):
            hosts = [self.matcher.facts(facts[i % 3]) for i in range(count)]
            expected = [wanted[i % 3] for i in range(count)]
            self.assertEqual(self.matcher.decide_many(requirements, hosts), expected)
            if count == 7:
                self.assertEqual([self.matcher.decide(requirements, one) for one in hosts], expected)
                evaluated = [self.matcher.evaluate(requirements, one)["verdict"] for one in hosts]
                self.assertEqual(evaluated, expected)

    def test_gives_errors_with_codes_places_and_help(self) -> None:
        with self.assertRaises(hostfit.InputError) as raised:
            self.matcher.compile([hostfit.Document("index", {**HEADING, "requires": {"cpu.cpuid": []}})])
        error = raised.exception
        self.assertEqual((error.code, error.place.document, error.pointer), ("empty", "index", "/requires/cpu.cpuid"))
        self.assertTrue(error.help)
        with self.assertRaises(hostfit.UnsupportedVersionError):
            self.matcher.compile({**HEADING, "apiVersion": "hostfit/v1.7"})
        with self.assertRaises(hostfit.LimitError):
            self.matcher.facts("[" * 200)

    def test_refuses_what_json_cannot_say_exactly(self) -> None:
        cycle: dict[str, Any] = {}
        cycle["self"] = cycle
        cases: list[tuple[str, Any]] = [
            ("/requires/a.b/c", {**HEADING, "requires": {"a.b": {"c": float("inf")}}}),
            ("/name", {**HEADING, "name": "\ud800"}),
            ("/annotations", {**HEADING, "annotations": {"\udc00": ""}}),
            ("/annotations", {**HEADING, "annotations": {1: ""}}),
            ("/annotations/a~1b~0c", {"annotations": {"a/b~c": datetime.date(2026, 1, 1)}}),
            ("/requires/all/1", {**HEADING, "requires": {"all": [{}, {"x"}]}}),
            ("", cycle),
            ("", "\ud800"),
        ]
        for pointer, document in cases:
            with self.subTest(pointer=pointer), self.assertRaises(hostfit.MisuseError) as raised:
                self.matcher.compile(document)
            self.assertEqual((raised.exception.code, raised.exception.pointer), ("not-json", pointer))

    def test_keeps_integers_exactly(self) -> None:
        document = {**HEADING, "requires": {"a.b": {"c": 2**60 + 1}}}
        verdict = self.matcher.evaluate(self.matcher.compile(document), self.matcher.facts({"kind": "Host"}))
        self.assertEqual(verdict["reasons"][0]["wanted"], 2**60 + 1)

    def test_tells_misuse(self) -> None:
        requirements = self.matcher.compile(NEEDS_AVX2)
        host = self.matcher.facts(host_with())
        closed = self.matcher.facts(host_with())
        closed.close()
        closed.close()
        other = hostfit.Matcher()
        gone = hostfit.Matcher()
        gone.close()
        gone.close()
        calls: list[tuple[str, Any]] = [
            ("disposed", lambda: self.matcher.decide(requirements, closed)),
            ("wrong-matcher", lambda: other.decide(requirements, host)),
            ("disposed", lambda: gone.facts(host_with())),
            ("wrong-handle", lambda: self.matcher.decide(host, requirements)),  # type: ignore[arg-type]
            ("wrong-handle", lambda: self.matcher.decide(requirements, None)),  # type: ignore[arg-type]
            ("bad-input", lambda: self.matcher.compile([])),
            ("bad-input", lambda: self.matcher.compile(["x"])),  # type: ignore[list-item]
            ("bad-input", lambda: self.matcher.compile(NEEDS_AVX2, dialect="foo")),  # type: ignore[arg-type]
            ("bad-input", lambda: self.matcher.facts(7)),  # type: ignore[arg-type]
            ("bad-limit", lambda: hostfit.Matcher(memory=True)),
            ("not-json", lambda: self.matcher.rank([hostfit.Candidate("\ud800")], host)),
        ]
        for code, call in calls:
            with self.subTest(code=code), self.assertRaises(hostfit.MisuseError) as raised:
                call()
            self.assertEqual(raised.exception.code, code)

    def test_refuses_a_second_thread_while_one_is_calling(self) -> None:
        requirements, host = self.matcher.compile(NEEDS_AVX2), self.matcher.facts(host_with())
        instance = self.matcher._live()
        codes: list[str] = []

        def use() -> None:
            try:
                self.matcher.decide(requirements, host)
            except hostfit.MisuseError as error:
                codes.append(error.code)

        with instance.exclusively():
            thread = threading.Thread(target=use)
            thread.start()
            thread.join()
        self.assertEqual(codes, ["concurrent-use"])
        self.assertEqual(self.matcher.decide(requirements, host), "incompatible")

    def test_threads_work_side_by_side_over_one_core(self) -> None:
        core = hostfit.Core()
        answers: list[str] = []

        def work() -> None:
            with hostfit.Matcher(core) as own:
                requirements, host = own.compile(NEEDS_AVX2), own.facts(host_with("AVX2"))
                answers.extend(own.decide(requirements, host) for _ in range(100))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, ["compatible"] * 400)

    def test_reaches_its_memory_ceiling_with_an_error_and_stays_usable(self) -> None:
        with hostfit.Matcher(memory=4 << 20) as own:
            with self.assertRaises(hostfit.LimitError):
                own.facts(host_with(*(f"flag-{i}" for i in range(200_000))))
            self.assertEqual(own.decide(own.compile(NEEDS_AVX2), own.facts(host_with("AVX2"))), "compatible")

    def test_gives_back_what_is_closed_or_forgotten(self) -> None:
        facts = host_with(*(f"a-rather-long-name-of-a-flag-{i}" for i in range(2000)))
        with hostfit.Matcher(memory=16 << 20) as own:
            for _ in range(200):
                own.facts(facts)
                with own.facts(facts):
                    pass
            gc.collect()

    def test_a_trap_is_told_and_the_instance_is_not_used_again(self) -> None:
        config = wasmtime.Config()
        config.consume_fuel = True
        core = hostfit.Core(engine=wasmtime.Engine(config))
        with self.assertRaises(hostfit.LoadError):
            # Without fuel not even the version can be asked for.
            hostfit.Matcher(core)
        requirements, host = self.matcher.compile(NEEDS_AVX2), self.matcher.facts(host_with())
        instance = self.matcher._live()
        trap = wasmtime.Trap("out of fuel")

        def trapping(*_: object) -> int:
            raise trap

        instance._functions["hf_decide"] = trapping  # type: ignore[assignment]
        for _ in range(2):
            with self.assertRaises(hostfit.InstanceError) as raised:
                self.matcher.decide(requirements, host)
            self.assertEqual(raised.exception.code, "instance-lost")
        with self.assertRaises(hostfit.InstanceError):
            self.matcher.evaluate(requirements, host)
        host.close()


def load_tests(_: unittest.TestLoader, tests: unittest.TestSuite, pattern: str | None) -> unittest.TestSuite:
    tests.addTests(doctest.DocTestSuite(hostfit))
    tests.addTests(doctest.DocTestSuite(hostfit._matcher))
    tests.addTests(doctest.DocFileSuite("../README.md"))
    return tests


if __name__ == "__main__":
    unittest.main()
