"""One process that has Python, Django and the ledger loaded, and forks: each run begins within some milliseconds.

It reads commands from standard input and answers on standard output, a line of JSON each. A forked child waits for
word before it begins, so that strace can be put on it. The parent opens neither database nor store.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.crash.harness.judging import Verdict
from tests.crash.harness.places import LOGS, Place

ROOT = Path(__file__).resolve().parents[3]
HUNG_SECONDS = 60
"""Work that takes longer is ended by SIGALRM: it takes a tenth of a second."""


class Stage:
    """The other side: starts that process and talks to it.

    :param folder: takes what is printed, and things in between.
    :param template: a data directory with keys and tables, which places begin with; made when missing.
    """

    def __init__(self, folder: Path, template: Path, environment: Mapping[str, str] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.printed = folder / "printed"
        paths = [str(ROOT / "src"), str(ROOT)]
        with self.printed.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.harness.stage", str(folder), str(template)],
                cwd=ROOT,
                env={**os.environ, **(environment or {}), "PYTHONPATH": os.pathsep.join(paths)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self._ask()

    def prepare(self, place: Place) -> None:
        """Lay out the files of ``place``; database and bucket are the caller's affair."""
        self._ask("prepare", place)

    def begin(self, place: Place) -> int:
        """Fork the process that will work in ``place``; returns its id."""
        return int(self._ask("begin", place)["pid"])

    def go(self) -> int:
        """Let it work; returns its exit status once it has ended, negative when a signal ended it."""
        return int(self._ask("go")["status"])

    def judge(self, place: Place, *, finished: bool) -> Verdict:
        """Restart and compare.

        :param finished: the work came to its end, so that nothing was left for the restart to publish.
        """
        return Verdict(**self._ask("judge finished" if finished else "judge", place))

    def migrate(self, place: Place) -> None:
        """Make the tables of the database of ``place``."""
        self._ask("migrate", place)

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=30)
        assert self._process.stdout
        self._process.stdout.close()

    def _ask(self, command: str | None = None, place: Place | None = None) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        if command is not None:
            asked = {"command": command, "place": place.as_json() if place else None}
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
            self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the stage has ended: {self.printed.read_text()[-4000:]}")
        return json.loads(answer)


class _Performer:
    def __init__(self, folder: Path, template: Path) -> None:
        self._folder = folder
        self._template = template
        self._pid = 0
        self._gate = -1

    def set_up(self) -> None:
        os.environ["DJANGO_SETTINGS_MODULE"] = "zonary.config.settings"
        os.environ["ZONARY_DATA"] = str(self._template)
        import django

        django.setup()
        # Loaded now, not in each child: what a child does is the work alone.

        import zonary.foundation.ledger.outgrown
        import zonary.foundation.ledger.recording
        import zonary.foundation.ledger.sequencer
        import zonary.foundation.ledger.storage.objects  # noqa: F401

        if not self._template.exists():
            self._make_template()
        self._rehearse()

    def answer(self, command: str, place: Place | None) -> dict[str, Any]:
        if command == "go":
            os.write(self._gate, b"!")
            os.close(self._gate)
            return {"status": os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])}
        assert place is not None
        if command == "prepare":
            shutil.copytree(self._template, place.data)
            if place.database:
                (place.data / "zonary.sqlite3").unlink()
            return {}
        if command == "begin":
            return {"pid": self._begin(place)}
        if command == "migrate":
            return self._in_child(lambda: _migrated(place))
        return self._in_child(lambda: _judged(place, finished=command == "judge finished"))

    def _begin(self, place: Place) -> int:
        opened, self._gate = os.pipe()
        self._pid = os.fork()
        if self._pid:
            os.close(opened)
            return self._pid
        status = 1
        try:
            os.close(self._gate)
            place.use()
            os.read(opened, 1)
            signal.alarm(HUNG_SECONDS)
            from tests.crash.harness.ledger_work import work

            status = work(place)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)

    def _in_child(self, function: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        opened, given = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(opened)
                with open(given, "wb") as file:
                    file.write(json.dumps(function()).encode())
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(0)
        os.close(given)
        with open(opened, "rb") as file:
            answer = file.read()
        os.waitpid(child, 0)
        # Empty when it failed; what it printed tells.
        return dict(json.loads(answer)) if answer else {"acknowledged": 0, "entries": 0, "faults": ["judge failed"]}

    def _make_template(self) -> None:
        from django.db import connections

        from zonary.config.zone import migrate

        # Named as a place would name it: keys and database of a data directory.
        place = Place(self._folder / "made")
        place.data.mkdir(parents=True)
        place.use()
        migrate()
        connections.close_all()
        for name in LOGS:
            place.log(name)
        place.data.rename(self._template)

    def _rehearse(self) -> None:
        """The work once in this process: whatever is loaded at its first use is loaded then, and not in each child."""
        from django.db import connections
        from tests.crash.harness.ledger_work import work

        place = Place(self._folder / "rehearsal")
        place.folder.mkdir()
        self.answer("prepare", place)
        place.use()
        work(place)
        _judged(place, finished=True)
        connections.close_all()
        shutil.rmtree(place.folder)


def _judged(place: Place, *, finished: bool) -> dict[str, Any]:
    from tests.crash.harness.judging import judge

    place.use()
    return asdict(judge(place, finished=finished))


def _migrated(place: Place) -> dict[str, Any]:
    from django.db import connections

    from zonary.config.zone import migrate

    place.use()
    migrate()
    connections.close_all()
    return {}


def main() -> None:
    os.umask(0o077)
    performer = _Performer(Path(sys.argv[1]), Path(sys.argv[2]))
    performer.set_up()
    print(json.dumps({}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        place = Place.from_json(asked["place"]) if asked["place"] else None
        print(json.dumps(performer.answer(asked["command"], place)), flush=True)


if __name__ == "__main__":
    main()
