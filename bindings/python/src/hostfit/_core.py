"""One instance of the core in wasmtime: bytes in, bytes out (docs/abi.md)."""

from __future__ import annotations

import json
import secrets
import struct
import threading
from collections.abc import Callable
from importlib import resources
from typing import Final

import wasmtime

from .errors import (
    HostfitError,
    InputError,
    InstanceError,
    LimitError,
    LoadError,
    MisuseError,
    Place,
    UnsupportedVersionError,
)

#: The ABI that this binding speaks: another major is refused, and an older minor.
ABI_MAJOR: Final = 1
ABI_MINOR: Final = 0

_LIMITS: Final = {"out-of-memory", "budget-exceeded", "limit", "too-large", "too-deep"}
_MISUSE: Final = {"stale-handle", "wrong-handle", "bad-call"}
_FUNCTIONS: Final = (
    "hf_result hf_seed hf_set hf_input hf_compile hf_facts hf_policy hf_free hf_decide hf_decide_many "
    "hf_evaluate hf_rank"
).split()


class Core:
    """The compiled core: what many matchers, in many threads, can share.

    Without ``wasm`` it is the hostfit.wasm of this package. Raises LoadError for another module.
    """

    def __init__(self, wasm: bytes | None = None, *, engine: wasmtime.Engine | None = None) -> None:
        self._engine = engine or wasmtime.Engine()
        if wasm is None:
            wasm = resources.files(__package__).joinpath("hostfit.wasm").read_bytes()
        try:
            self._module = wasmtime.Module(self._engine, wasm)
        except wasmtime.WasmtimeError as error:
            raise _not_hostfit() from error


class Instance:
    """An instance and its memory. One call at a time: a second one at the same time is refused."""

    def __init__(self, core: Core, memory: int | None, work: int | None) -> None:
        for value in (memory, work):
            if value is not None and not (type(value) is int and 0 < value <= 0x7FFFFFFF):
                raise MisuseError(
                    "bad-limit", f"{value} is no limit", help="limits are integers from 1 to 2,147,483,647"
                )
        self._lost: InstanceError | None = None
        self._busy = threading.Lock()
        self._store = wasmtime.Store(core._engine)
        try:
            exports = wasmtime.Instance(self._store, core._module, []).exports(self._store)
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            raise _not_hostfit() from error
        named = dict(exports.items())
        found = named.get("memory")
        abi = named.get("hf_abi")
        if not isinstance(found, wasmtime.Memory) or not isinstance(abi, wasmtime.Func):
            raise _not_hostfit()
        self._memory = found
        try:
            version = abi(self._store)
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            raise _not_hostfit() from error
        if version >> 16 != ABI_MAJOR or version & 0xFFFF < ABI_MINOR:
            raise LoadError(
                "abi-mismatch",
                f"the module speaks ABI {version >> 16}.{version & 0xFFFF}, this binding {ABI_MAJOR}.{ABI_MINOR}",
                help="use the binding and hostfit.wasm of one version",
            )
        functions: dict[str, wasmtime.Func] = {}
        for name in _FUNCTIONS:
            function = named.get(name)
            if not isinstance(function, wasmtime.Func):
                raise _not_hostfit()
            functions[name] = function
        self._functions = functions
        self._result = self._call("hf_result")
        self._call("hf_seed", *struct.unpack("<ii", secrets.token_bytes(8)))
        for setting, value in enumerate((memory, work)):
            if value is not None:
                self._asked("hf_set", setting, value)

    def exclusively(self) -> "_Exclusive":
        """A context in which this thread alone may call."""
        return _Exclusive(self._busy)

    def load(self, function: str, data: bytes) -> int:
        """The handle of what was compiled or loaded."""
        return self._asked(function, self._write(data))

    def free(self, handle: int) -> None:
        """Frees a handle; of an instance that is lost everything is free."""
        if self._lost is None:
            self._call("hf_free", handle)

    def decide(self, requirements: int, host: int) -> int:
        """2 compatible, 1 undetermined, 0 incompatible."""
        return self._asked("hf_decide", requirements, host)

    def decide_many(self, requirements: int, hosts: list[int]) -> bytes:
        """Two planes of bits."""
        self._write(struct.pack(f"<{len(hosts)}I", *hosts))
        self._asked("hf_decide_many", requirements, len(hosts))
        return self._answer()

    def evaluate(self, requirements: int, host: int, policy: int, candidate: bytes | None) -> bytes:
        """The verdict as JSON."""
        length = 0 if candidate is None else self._write(candidate)
        self._asked("hf_evaluate", requirements, host, policy, length)
        return self._answer()

    def rank(self, host: int, policy: int, question: bytes) -> bytes:
        """The ranking as JSON."""
        self._asked("hf_rank", host, policy, self._write(question))
        return self._answer()

    def _call(self, name: str, *arguments: int) -> int:
        if self._lost is not None:
            raise self._lost
        try:
            value: int = self._functions[name](self._store, *arguments)
            return value
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            self._lost = InstanceError(
                "instance-lost", "the runtime ended a call of the core: the instance is lost", help="make another matcher"
            )
            raise self._lost from error

    def _asked(self, name: str, *arguments: int) -> int:
        value = self._call(name, *arguments)
        if value < 0:
            raise _refusal(self._answer())
        return value

    def _write(self, data: bytes) -> int:
        address = self._asked("hf_input", min(len(data), 0x7FFFFFFF)) & 0xFFFFFFFF
        if data:
            self._memory.write(self._store, data, address)
        return len(data)

    def _answer(self) -> bytes:
        block = self._memory.read(self._store, self._result + 4, self._result + 12)
        address, length = struct.unpack("<II", block)
        return bytes(self._memory.read(self._store, address, address + length))


class _Exclusive:
    """Refuses to wait: two threads that share a matcher would take turns without knowing it."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            raise MisuseError(
                "concurrent-use",
                "another thread is using this matcher",
                help="give each thread a matcher of its own; they can share a hostfit.Core",
            )

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _not_hostfit() -> LoadError:
    return LoadError("not-hostfit", "this is not hostfit's core", help="pass hostfit.wasm, whole")


def _refusal(answer: bytes) -> HostfitError:
    """The error that the core tells; without a word of it, even for that there was no memory."""
    if not answer:
        answer = (
            b'{"code":"out-of-memory","message":"the memory ceiling is reached","document":"","offset":0,"pointer":"",'
            b'"help":"close what is not needed, or raise the ceiling"}'
        )
    told = json.loads(answer)
    code, message = told["code"], told["message"]
    place = Place(told["document"], told["offset"], told["pointer"])
    text = (f"{place.document}: " if place.document else "") + message
    if place.pointer:
        text += f" at {place.pointer}"
    if code in _MISUSE:
        return MisuseError(code, text, help=told["help"])
    kind: Callable[..., HostfitError] = InputError
    if code == "unsupported-version":
        kind = UnsupportedVersionError
    elif code in _LIMITS:
        kind = LimitError
    return kind(code, text, help=told["help"], place=place, answer=answer)
