"""A real server of the S3 protocol for tests: versitygw over a directory, pinned in ``tests/peers/versitygw``."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from pathlib import Path

from obstore.store import S3Store
from tests.peers.go_programs import cached_program
from tests.servers.processes import ServerProcess, accepts_connections, free_port

_PACKAGE = "github.com/versity/versitygw/cmd/versitygw"


def build() -> Path:
    """The program, compiled the first time (two to three minutes); see :mod:`tests.peers.go_programs` for errors."""
    return cached_program("versitygw", _PACKAGE)


class ObjectStoreServer:
    """An S3 server on 127.0.0.1. The port stays the same over restarts, and what it acknowledged survives :meth:`kill`.

    Objects are files below ``directory/buckets``. Hence one limit that S3 does not have: while there is an object
    ``a``, there can be none called ``a/b``.

    :param directory: holds ``buckets`` and ``server.log``; made when missing.
    """

    access_key = "zonary-tests"
    secret_key = "not-a-secret-of-anyone"
    region = "us-east-1"

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self._process: ServerProcess | None = None

    @property
    def url(self) -> str:
        """The endpoint; buckets are named in the path."""
        return f"http://127.0.0.1:{self.port}"

    def store(self, bucket: str, *, url: str = "", timeout: float = 30) -> S3Store:
        """A client of ``bucket`` that never tries again by itself, so that a test sees every failure.

        :param url: reach the server through a proxy there.
        :param timeout: seconds until a request without an answer fails.
        """
        return S3Store(
            bucket,
            endpoint=url or self.url,
            access_key_id=self.access_key,
            secret_access_key=self.secret_key,
            region=self.region,
            virtual_hosted_style_request=False,
            client_options={"allow_http": True, "timeout": timedelta(seconds=timeout)},
            retry_config={"max_retries": 0},
        )

    def create_bucket(self, name: str) -> None:
        """At least three characters. Works before :meth:`start` as well; no error when there is one already."""
        (self._buckets / name).mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        """Returns when it answers.

        :raises RuntimeError: with what it printed, when it does not start or cannot be compiled.
        """
        if self._process is not None and self._process.running:
            raise RuntimeError("This object store runs already.")
        self._buckets.mkdir(parents=True, exist_ok=True)
        program = build()
        credentials = {"ROOT_ACCESS_KEY": self.access_key, "ROOT_SECRET_KEY": self.secret_key}
        self._process = ServerProcess(
            [
                program,
                *("--port", f"127.0.0.1:{self.port}", "--region", self.region, "--keep-alive", "--quiet"),
                *("posix", *self._metadata_options(), str(self._buckets)),
            ],
            log=self.directory / "server.log",
            environment=os.environ | credentials,
        )
        self._process.wait_until(lambda: accepts_connections(self.port))

    def stop(self) -> None:
        """Lets it finish what it is doing; up to ten seconds while a client holds a connection open."""
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        """SIGKILL; :meth:`start` brings it back with all it had acknowledged."""
        if self._process is not None:
            self._process.kill()

    def pause(self) -> None:
        """It keeps its connections and takes new ones, but answers nothing until :meth:`resume`."""
        if self._process is not None:
            self._process.send(signal.SIGSTOP)

    def resume(self) -> None:
        """It answers all that came in the meantime."""
        if self._process is not None:
            self._process.send(signal.SIGCONT)

    @property
    def _buckets(self) -> Path:
        return self.directory / "buckets"

    def _metadata_options(self) -> list[str]:
        """Entity tags are kept in extended attributes; beside the objects where the file system has none."""
        try:
            os.setxattr(self._buckets, "user.zonary-tests", b"1")
        except OSError:
            sidecar = self.directory / "metadata"
            sidecar.mkdir(exist_ok=True)
            return ["--sidecar", str(sidecar)]
        return []
