"""Programs by others that ``make bench`` measures beside ours, and the load tools that drive both.

Pinned in ``tests/peers`` and compiled by Go when first needed (a few minutes); see :mod:`tests.peers.go_programs`.

Tessera's hammer drives its own POSIX server, and our open log, with the same options; :func:`hammer_command` gives the
command line. For Tessera::

    posix --storage_dir DIR --listen 127.0.0.1:PORT --private_key DIR/log.skey
    hammer --log_url=http://127.0.0.1:PORT/ --write_log_url=http://127.0.0.1:PORT/ --log_public_key="$(cat log.vkey)" \
        --show_ui=false --num_writers=512 --max_write_ops=100000 --dup_chance=0 \
        --num_readers_random=0 --num_readers_full=0 --leaf_write_goal=100000 --max_runtime=2m0s

For ours, both addresses are that of the open log; the hammer appends ``add`` itself::

    ZONARY_OPEN_LOG=1 ZONARY_URL=http://127.0.0.1:PORT zonary serve --data DIR --port PORT
    hammer --log_url=http://127.0.0.1:PORT/openlog/ --write_log_url=http://127.0.0.1:PORT/openlog/ \
        --log_public_key="$(cat DIR/openlog.vkey)" ... (the rest as above)
    fsck --storage_url=http://127.0.0.1:PORT/openlog/ --public_key=DIR/openlog.vkey --ui=false

512 writers, because Tessera's server collects 256 leaves, or waits a second, before it answers: with fewer than 256 its
rate is that of the wait, with 512 the next batch fills while one is written. ``--max_write_ops`` beyond what a log can
do means top speed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.go_programs import cached_program
from tests.servers.processes import ServerProcess, accepts_connections, free_port

from zonary.proof.tlog.keys import SigningKey

_TESSERA = "github.com/transparency-dev/tessera"
_UNLIMITED = 100_000
_SAMPLE_SECONDS = 0.1
# klog's lines begin with the severity; the hammer puts the number of times in front of every error of the log's.
_ERRORS = re.compile(r"^[WEF]\d{4} .*?\] (\(\d+ x\) .*)$", re.MULTILINE)
_PUSHBACK = re.compile(r"\] (\d+) requests received pushback", re.MULTILINE)
_CHECKED = re.compile(r"Successfully fsck'd log with size (\d+) ")


def hammer() -> Path:
    """Tessera's load tool for logs in tiles."""
    return cached_program("tessera", f"{_TESSERA}/internal/hammer")


def tessera_posix() -> Path:
    """Tessera's server over a directory, made for such measurements."""
    return cached_program("tessera", f"{_TESSERA}/cmd/conformance/posix")


def tessera_fsck() -> Path:
    """Tessera's check of a whole log in tiles."""
    return cached_program("tessera", f"{_TESSERA}/cmd/fsck")


def timestamp_server() -> Path:
    """Sigstore's timestamp authority."""
    return cached_program("timestamp-authority", "github.com/sigstore/timestamp-authority/v2/cmd/timestamp-server")


# --- logs -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PeerLog:
    """A log that runs: ``url`` ends with a slash, to be read and written there; ``vkey_file`` holds ``vkey``."""

    url: str
    vkey: str
    vkey_file: Path


@contextmanager
def running_tessera(directory: Path) -> Iterator[PeerLog]:
    """Tessera's POSIX server with an empty log in ``directory/log``, on the same disk as whatever it is compared with.

    :raises RuntimeError: with what it printed, when it does not start.
    """
    storage = directory / "log"
    storage.mkdir(parents=True)
    key = SigningKey.generate("tessera.example/bench")
    secret, public = directory / "log.skey", directory / "log.vkey"
    secret.write_text(key.encode())
    public.write_text(key.verifier.encode())
    port = free_port()
    server = ServerProcess(
        [tessera_posix(), "--storage_dir", storage, "--listen", f"127.0.0.1:{port}", "--private_key", secret],
        log=directory / "tessera.log",
    )
    try:
        server.wait_until(lambda: accepts_connections(port) and (storage / "checkpoint").exists())
        yield PeerLog(f"http://127.0.0.1:{port}/", key.verifier.encode(), public)
    finally:
        server.kill()


def hammer_command(
    url: str, vkey: str, *, goal: int, writers: int = 512, readers: int = 0, seconds: int = 120
) -> list[str]:
    """What :func:`run_hammer` runs; its words are in the description of this module.

    :param readers: so many that read random leaves, and as many that read all of them, with 100 requests a second.
    """
    return [
        str(hammer()),
        f"--log_url={url}",
        f"--write_log_url={url}",
        f"--log_public_key={vkey}",
        "--show_ui=false",
        f"--num_writers={writers}",
        f"--max_write_ops={_UNLIMITED}",
        "--dup_chance=0",  # one repeated leaf costs a log that finds duplicates nothing
        f"--num_readers_random={readers}",
        f"--num_readers_full={readers}",
        "--max_read_ops=100",
        f"--leaf_write_goal={goal}",
        f"--max_runtime={seconds}s",
    ]


@dataclass(frozen=True, slots=True)
class Hammered:
    """What came of a run. ``size`` is of the last checkpoint seen; ``rate`` in leaves per second that it covered.

    ``rate`` counts from the first checkpoint that grew to the last one, because the hammer sleeps for its first second
    and looks for its goal once a second. ``errors`` are what the log got wrong, in the hammer's words; ``pushbacks`` is
    how often it asked to come back later.
    """

    size: int
    rate: float
    pushbacks: int
    errors: tuple[str, ...]


def run_hammer(url: str, vkey: str, *, goal: int, writers: int = 512, readers: int = 0, seconds: int = 120) -> Hammered:
    """Adds ``goal`` leaves or more to the log at ``url`` (with its slash) as fast as it takes them.

    The hammer checks that every checkpoint is consistent with the one before, and ends itself when one is not.

    :raises RuntimeError: with what it printed, when it did not reach ``goal`` within ``seconds``.
    """
    before = log_size(url)
    samples: list[tuple[float, int]] = []
    done = threading.Event()
    watch = threading.Thread(target=_sample, args=(url, samples, done))
    command = hammer_command(url, vkey, goal=goal, writers=writers, readers=readers, seconds=seconds)
    watch.start()
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        done.set()
        watch.join()
    if ended.returncode or "Reached tree size goal" not in ended.stderr:
        raise RuntimeError(f"the hammer ended with {ended.returncode}:\n{ended.stderr[-4000:]}")
    grown = [sample for sample in samples if sample[1] > before]
    (start, first), (end, last) = grown[0], max(grown, key=lambda sample: (sample[1], -sample[0]))
    pushbacks = sum(map(int, _PUSHBACK.findall(ended.stderr)))
    rate = (last - first) / (end - start) if end > start else 0.0
    return Hammered(last, rate, pushbacks, tuple(_ERRORS.findall(ended.stderr)))


def log_size(url: str) -> int:
    """How many leaves the checkpoint at ``url`` covers; 0 while there is none."""
    try:
        with urllib.request.urlopen(f"{url}checkpoint", timeout=10) as answer:  # noqa: S310 - on 127.0.0.1
            return int(answer.read().split(b"\n")[1])
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 404:
                return 0
            raise


def _sample(url: str, samples: list[tuple[float, int]], done: threading.Event) -> None:
    while True:
        samples.append((time.monotonic(), log_size(url)))
        if done.wait(_SAMPLE_SECONDS):
            samples.append((time.monotonic(), log_size(url)))
            return


def fsck(url: str, vkey_file: Path) -> int:
    """Tessera's verdict on the whole log at ``url``, http or file, with its slash; returns how many leaves it has.

    :raises RuntimeError: with its reasons, when it does not accept the log.
    """
    command = [str(tessera_fsck()), f"--storage_url={url}", f"--public_key={vkey_file}", "--ui=false", "--N=2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # Its exit status is 0 whatever it found; what it says decides.
    accepted = _CHECKED.search(done.stderr)
    if done.returncode or accepted is None or "fsck failed" in done.stderr:
        raise RuntimeError(f"Tessera's fsck does not accept {url}:\n{done.stderr[-4000:]}")
    return int(accepted[1])


# --- timestamp authorities --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PeerAuthority:
    """A timestamp authority that runs: where to POST requests, and its certificates, the signer's first (PEM)."""

    url: str
    chain: Path


@contextmanager
def running_timestamp_server(directory: Path) -> Iterator[PeerAuthority]:
    """Sigstore's authority, which signs with a P-256 key it makes and keeps in memory; no watch over the clock.

    :raises RuntimeError: with what it printed, when it does not start.
    """
    directory.mkdir(parents=True, exist_ok=True)
    port = free_port()
    server = ServerProcess(
        [
            timestamp_server(),
            *("serve", "--host", "127.0.0.1", "--port", str(port)),
            *("--timestamp-signer", "memory", "--disable-ntp-monitoring", "--log-type", "prod"),
        ],
        log=directory / "timestamp-server.log",
        environment=os.environ | {"HOME": str(directory)},  # its configuration, not the user's
    )
    try:
        server.wait_until(lambda: accepts_connections(port))
        url = f"http://127.0.0.1:{port}/api/v1/timestamp"
        chain = directory / "chain.pem"
        with urllib.request.urlopen(f"{url}/certchain", timeout=10) as answer:  # noqa: S310 - on 127.0.0.1
            chain.write_bytes(answer.read())
        yield PeerAuthority(url, chain)
    finally:
        server.kill()


def tokens_per_second(url: str, directory: Path, *, connections: int = 16, seconds: int = 10) -> float:
    """How many requests for a timestamp the authority at ``url`` answers in a second, asked by ``wrk``.

    All ask for the same SHA-256 digest, and for the certificate. ``directory`` takes the request and wrk's script.

    :raises FileNotFoundError: where there is no ``wrk``.
    :raises RuntimeError: when an answer was anything but 200.
    """
    if shutil.which("wrk") is None:
        raise FileNotFoundError("wrk is not installed. On Debian and Ubuntu: apt install wrk")
    directory.mkdir(parents=True, exist_ok=True)
    query, script = directory / "request.tsq", directory / "post.lua"
    make = ["openssl", "ts", "-query", "-digest", "ab" * 32, "-sha256", "-cert", "-out", str(query)]
    subprocess.run(make, check=True, capture_output=True)
    # Lua takes every byte in the decimal escape, so the request needs no file that wrk would have to find.
    body = "".join(f"\\{byte:03d}" for byte in query.read_bytes())
    script.write_text(
        f'wrk.method = "POST"\nwrk.body = "{body}"\nwrk.headers["Content-Type"] = "application/timestamp-query"\n'
    )
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rate = re.search(r"^Requests/sec:\s+([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode or rate is None or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(f"wrk against {url}:\n{done.stdout}{done.stderr}")
    return float(rate[1])
