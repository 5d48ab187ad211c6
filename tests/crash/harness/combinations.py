"""The four combinations of database and store, and places in each."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from tests.crash.harness.places import Place
from tests.crash.harness.stage import Stage
from tests.servers.faulty_proxy import FaultyProxy
from tests.servers.object_store import ObjectStoreServer
from tests.servers.postgresql import Postgresql

BUCKET = "crash-tests"
_MEMORY = Path("/dev/shm")
_NEEDED = 256 << 20


@dataclass(frozen=True)
class Combination:
    """A database and a store."""

    postgresql: bool
    objects: bool

    def __str__(self) -> str:
        return f"{'PostgreSQL' if self.postgresql else 'SQLite'}, {'S3' if self.objects else 'directory'}"


ALL = tuple(Combination(postgresql, objects) for postgresql in (False, True) for objects in (False, True))


@contextmanager
def fast_folder() -> Iterator[Path]:
    """A folder for things that are written and thrown away thousands of times: in memory, when there is room."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _NEEDED
    # Not below pytest's own folder: PostgreSQL runs as nobody, who could not enter that.
    folder = Path(tempfile.mkdtemp(prefix="zonary-crash-", dir=_MEMORY if roomy else None))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Ground:
    """The servers one combination needs, and places on them. Used as a context manager.

    A place is one installation that nobody has used; they can be asked for from several threads.
    """

    def __init__(self, combination: Combination, folder: Path) -> None:
        self.combination = combination
        self.folder = folder
        self.database_server: Postgresql | None = None
        self.object_server: ObjectStoreServer | None = None
        self._numbers = itertools.count()
        self._open = ExitStack()

    def __enter__(self) -> Ground:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        try:
            if self.combination.postgresql:
                self.database_server = Postgresql(self.folder / "postgresql")
                self._open.callback(self.database_server.kill)
                self.database_server.start()
            if self.combination.objects:
                self.object_server = ObjectStoreServer(self.folder / "objects")
                (self.folder / "objects").mkdir()
                self._open.callback(self.object_server.kill)
                self.object_server.create_bucket(BUCKET)
                self.object_server.start()
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self._open.close()

    def environment(self, endpoint: str = "") -> dict[str, str]:
        """What a process needs to reach the object store, through a proxy at ``endpoint`` if one is named."""
        server = self.object_server
        if server is None:
            return {}
        return {
            "ZONARY_S3_ENDPOINT": endpoint or server.url,
            "AWS_ACCESS_KEY_ID": server.access_key,
            "AWS_SECRET_ACCESS_KEY": server.secret_key,
            "AWS_REGION": server.region,
        }

    def stage(self, *, through_proxy: bool = True) -> OnStage:
        """A process that works in places of this ground, one after the other."""
        return OnStage(self, through_proxy=through_proxy)

    def place(self, stage: Stage, database: str = "") -> Place:
        """A new place; ``database`` is the address of an empty one, on PostgreSQL."""
        number = next(self._numbers)
        folder = self.folder / f"place-{number}"
        folder.mkdir()
        place = Place(folder, database, f"s3://{BUCKET}/{folder.name}" if self.combination.objects else "")
        stage.prepare(place)
        return place

    def discard(self, place: Place) -> None:
        shutil.rmtree(place.folder, ignore_errors=True)
        if self.object_server is not None:
            shutil.rmtree(self.object_server.directory / "buckets" / BUCKET / place.folder.name, ignore_errors=True)


class OnStage:
    """A :class:`Stage` on a ground, and the proxy through which it reaches the object store, if there is one."""

    _numbers = itertools.count()

    def __init__(self, ground: Ground, *, through_proxy: bool) -> None:
        self._ground = ground
        self._through_proxy = through_proxy
        self._open = ExitStack()
        self.proxy: FaultyProxy | None = None

    def __enter__(self) -> OnStage:
        folder = self._ground.folder / f"stage-{next(self._numbers)}"
        if self._ground.object_server is not None and self._through_proxy:
            self.proxy = self._open.enter_context(FaultyProxy(self._ground.object_server.port))
        try:
            self.stage = Stage(
                folder, self._ground.folder / "template", self._ground.environment(self.proxy.url if self.proxy else "")
            )
        except BaseException:
            self._open.close()
            raise
        self._open.callback(self.stage.close)
        self.output = folder / "trace"
        self._database = ""
        if self._ground.database_server is not None:
            self._database = self._ground.database_server.create_database(folder.name.replace("-", "_"))
            self.stage.migrate(Place(folder, self._database))
        return self

    def __exit__(self, *_exception: object) -> None:
        self._open.close()

    @contextmanager
    def place(self) -> Iterator[Place]:
        """A fresh place, removed at the end. On PostgreSQL they have one database in turn, emptied each time."""
        if self._database:
            _empty(self._database)
        made = self._ground.place(self.stage, self._database)
        try:
            yield made
        finally:
            self._ground.discard(made)


def _empty(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        # Of processes that were killed: their last transaction may still be open.
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        tables = [sql.Identifier(name) for (name,) in names if not name.startswith("django_")]
        for table in tables:
            # They refuse what comes next; what they are for is tested elsewhere.
            connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(tables)))
