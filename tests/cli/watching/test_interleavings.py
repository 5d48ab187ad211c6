"""Whatever happens to the files, and however often the agent is killed: what settled is sealed, once, and verifies.

The reference is slow and simple: it remembers the content of every file at every look, and counts.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.cli.sealing.fakes import FakeServer
from tests.proof.package.factory import Zone

from zonary.cli.sealing import registering
from zonary.cli.sealing.client import ServerError
from zonary.cli.watching.agent import Agent
from zonary.cli.watching.folder import WatchedFolder
from zonary.cli.watching.journal import Batch, Journal
from zonary.cli.watching.packages import Packages, files_of
from zonary.proof.errors import Error
from zonary.proof.manifest import FileLeaf, parse_manifest
from zonary.proof.package.container import Container
from zonary.proof.package.verify import verify

SETTLE = 10.0
NAMES = ["a", "b", "sub/a", "sub/deep/c"]
CONTENTS = [b"", b"one", b"two", b"three" * 1000]


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Death:
    """Kills at the call ``left`` calls from now that would have changed the disk; a write gets half-way first."""

    left: int | None = None

    def strike(self) -> bool:
        if self.left is None:
            return False
        self.left -= 1
        return self.left < 0

    @contextmanager
    def lurking(self) -> Iterator[None]:
        def deadly(call: Callable[..., Any]) -> Callable[..., Any]:
            def do(*arguments: Any, **more: Any) -> Any:
                if not self.strike():
                    return call(*arguments, **more)
                if call is pwrite:
                    pwrite(arguments[0], arguments[1][: len(arguments[1]) // 2], arguments[2])
                raise Killed

            return do

        pwrite = os.pwrite
        names = ("pwrite", "fsync", "link", "replace", "unlink", "rmdir", "mkdir", "ftruncate")
        with mock.patch.multiple(os, **{name: deadly(getattr(os, name)) for name in names}):
            yield


@dataclass
class World:
    """A folder, whoever writes to it, the agent, and the reference."""

    top: Path
    server: FakeServer
    death: Death = field(default_factory=Death)
    now: float = 0.0
    writes: int = 0
    agent: Agent | None = None
    since: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Name -> number of the write it shows, and when this agent first saw that."""
    written: dict[str, int] = field(default_factory=dict)
    settled: set[bytes] = field(default_factory=set)
    perhaps: set[bytes] = field(default_factory=set)
    """And what the agent may have noted in the moment it was killed."""

    @property
    def folder(self) -> Path:
        return self.top / "watched"

    @property
    def out(self) -> Path:
        return self.top / "packages"

    # --- what happens to files

    def write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.writes += 1
        os.utime(path, ns=(self.writes, self.writes))  # as if time had passed
        self.written[name] = self.writes

    def remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)
        self.written.pop(name, None)

    def move(self, name: str, other: str) -> None:
        if name in self.written and name != other:
            content = (self.folder / name).read_bytes()
            self.remove(name)
            self.write(other, content)

    def rename_folder(self) -> None:
        if (self.folder / "sub").exists():
            target = "moved" if not (self.folder / "moved").exists() else f"moved{self.writes}"
            (self.folder / "sub").rename(self.folder / target)
            for name in [name for name in self.written if name.startswith("sub/")]:
                self.writes += 1
                self.written[target + name.removeprefix("sub")] = self.writes
                del self.written[name]

    # --- the agent

    def start(self) -> Agent:
        if self.agent is None:
            self.since.clear()
            journal = Journal(self.top / "journal", {"folder": str(self.folder), "kind": "files"})
            source = WatchedFolder(
                self.folder, settle=SETTLE, exclude=(), tell=_refuse, clock=lambda: self.now, wall_clock=lambda: -1e18
            )
            packages = Packages(self.folder, files_of, lambda: self.server, lambda *_: None)  # type: ignore[arg-type, return-value]
            at = datetime(2026, 11, 22, tzinfo=UTC)
            self.agent = Agent(source, journal, packages, self.out, "watched", _Deaf(), now=lambda: at)
            self.agent.start(only_new=False)
        return self.agent

    def alive(self, act: Callable[[Agent], None]) -> None:
        """Have the agent do something; it may die of it."""
        try:
            with self.death.lurking():
                act(self.start())
        except Killed:
            event("killed")
            self.death.left = None
            if self.agent is not None:
                os.close(self.agent.journal._descriptor)
            self.agent = None

    def look(self, agent: Agent) -> None:
        ripe = set()
        for name, write in self.written.items():
            if self.since.get(name, (0, 0))[0] != write:
                self.since[name] = (write, self.now)
            elif self.now - self.since[name][1] >= SETTLE:
                ripe.add(_digests((self.folder / name).read_bytes()))
        self.perhaps |= ripe
        agent.look()
        self.settled |= ripe

    def seal(self, agent: Agent) -> None:
        batch = agent.next_batch()
        if batch is not None:
            agent.settle(batch, agent.make(batch))

    def finish(self) -> None:
        self.death.left = None
        for _ in range(3):
            self.now += SETTLE
            self.alive(self.look)
        while self.start().journal.waiting:
            self.alive(self.seal)
        self.agent = None
        self.start()

    def sealed(self) -> Counter[bytes]:
        found: Counter[bytes] = Counter()
        for package in self.out.iterdir():
            with package.open("rb") as file:
                container = Container(file)
                verify(container, trusts=[self.server.zone.trust])
                for leaf in parse_manifest(container.read("manifest.jsonl")).leaves:
                    if isinstance(leaf, FileLeaf):
                        found[bytes.fromhex(leaf.sha256 + leaf.sm3)] += 1
        return found


class _Deaf:
    def sealed(self, batch: Batch, sealed: object) -> None: ...
    def problem(self, problem: Error | OSError) -> None: ...


def _refuse(error: Error | OSError) -> None:
    raise AssertionError(error)


def _digests(content: bytes) -> bytes:
    return hashlib.sha256(content).digest() + hashlib.new("sm3", content).digest()


STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(CONTENTS)),
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.binary(min_size=1, max_size=3)),
    st.tuples(st.just("remove"), st.sampled_from(NAMES)),
    st.tuples(st.just("move"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("rename_folder")),
    st.tuples(st.just("wait"), st.sampled_from([1.0, SETTLE])),
    st.tuples(st.just("look")),
    st.tuples(st.just("look_until_settled")),
    st.tuples(st.just("look_until_settled")),
    st.tuples(st.just("seal")),
    st.tuples(st.just("seal")),
    st.tuples(st.just("outage"), st.sampled_from(["trust", "register", "timestamp", "log_proof"])),
    st.tuples(st.just("restart")),
    st.tuples(st.just("kill"), st.integers(0, 5)),
    st.tuples(st.just("kill"), st.integers(0, 40)),
)


def _take(world: World, step: tuple[Any, ...]) -> None:
    match step:
        case ("wait", seconds):
            world.now += seconds
        case ("look_until_settled",):
            for _ in range(2):
                world.alive(world.look)
                world.now += SETTLE
            world.alive(world.look)
        case ("look",):
            world.alive(world.look)
        case ("seal",):
            world.alive(world.seal)
        case ("outage", call):
            world.server.fail_at[call, world.server.calls[call]] = ServerError("The network is down.")
        case ("restart",):
            if world.agent is not None:
                world.agent.journal.close()
                world.agent = None
        case ("kill", calls):
            world.death.left = calls
        case (what, *arguments):
            getattr(world, what)(*arguments)


@pytest.fixture(scope="module")
def zone() -> Zone:
    return Zone()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=10, max_size=40))
def test_what_settled_is_sealed_once(
    zone: Zone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, steps: list[tuple[Any, ...]]
) -> None:
    monkeypatch.setattr(registering, "_FIRST_PAUSE", 0.0)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    top = Path(tempfile.mkdtemp(dir=tmp_path))
    try:
        world = World(top, FakeServer(zone, unpublished=0))
        world.folder.mkdir()
        world.out.mkdir()
        for step in steps:
            _take(world, step)
        world.finish()
        sealed = world.sealed()
        assert world.settled <= set(sealed) <= world.perhaps
        assert set(sealed.values()) <= {1}
        assert len(world.server.records) == len(list(world.out.iterdir()))
    finally:
        shutil.rmtree(top)
