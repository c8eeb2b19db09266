"""Measures the Python binding by itself: see bench/bindings/go/main.go, which says what the arguments and lines are."""

import json
import sys
import time
from pathlib import Path

import hostfit


def main(document: str, hosts: str, *first: str) -> None:
    matcher = hostfit.Matcher()
    requirements = matcher.compile([hostfit.Document("document", Path(document).read_bytes())])
    lines = Path(hosts).read_bytes().splitlines()
    if first:
        print(matcher.evaluate(requirements, matcher.facts(lines[0]))["verdict"])
        return
    loaded = [matcher.facts(line) for line in lines]
    print(json.dumps({"answers": matcher.decide_many(requirements, loaded)}), flush=True)
    modes = {
        "decide": lambda: [matcher.decide(requirements, host) for host in loaded],
        "many": lambda: matcher.decide_many(requirements, loaded),
        "bytes": lambda: [matcher.evaluate_json(requirements, host) for host in loaded],
        "evaluate": lambda: [matcher.evaluate(requirements, host) for host in loaded],
    }
    for line in sys.stdin:
        mode, milliseconds = line.split()
        run = modes[mode]
        rounds = 0
        begin = time.perf_counter_ns()
        while time.perf_counter_ns() - begin < int(milliseconds) * 1_000_000:
            run()
            rounds += 1
        took = (time.perf_counter_ns() - begin) / (rounds * len(loaded))
        print(json.dumps({"nanoseconds": took}), flush=True)


main(*sys.argv[1:])
