"""What a capture left becomes a folder with a manifest, a statement and the timestamps of its package."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from zonary.common.clock import rfc3339
from zonary.common.language import translate
from zonary.proof.digests import Digests, digests_of
from zonary.proof.manifest import build_manifest, file_leaf, join_lines, random_salts, roots_of
from zonary.proof.statement import SALT_SIZE, Statement
from zonary.services.evidence.capture.actions import Sealed
from zonary.services.evidence.capture.files import LOG, TAKEN
from zonary.services.evidence.capture.models import Capture
from zonary.services.evidence.capture.rules import OUTCOMES, STEPS, UNPROVEN
from zonary.services.evidence.capture.tasks.supervising import Watched
from zonary.services.evidence.rules import Material

FORMAT = "zonary-capture/1"
_MAX_FILE = 128 * 1024**2


def capture_log(
    capture: Capture, watched: Watched, environment: Mapping[str, object], *, began: datetime, ended: datetime
) -> dict[str, Any]:
    """Everything that is known of the capture, for people of both languages and for programs."""
    seen = watched.seen or {}
    steps = [*watched.steps]
    if watched.cut:
        steps.append({"at": rfc3339(ended), "step": watched.cut, "facts": {}})
    outcome = str(seen.get("outcome", "stopped"))
    return {
        "version": FORMAT,
        "capture": str(capture.public_id),
        "asked": {
            "address": capture.address,
            "in_spite_of_certificate": capture.goes_on,
            "by": capture.asked_by,
            "for": capture.organisation,
            "at": rfc3339(capture.asked_at),
        },
        "began": rfc3339(began),
        "ended": rfc3339(ended),
        "environment": dict(environment),
        "outcome": {"code": outcome, **_both(OUTCOMES[outcome], {})},
        "steps": [_step(each) for each in steps],
        **{name: value for name, value in seen.items() if name != "outcome"},
        "not_proven": [_both(each, {}) for each in UNPROVEN],
    }


def _step(told: Mapping[str, Any]) -> dict[str, Any]:
    step, facts = str(told.get("step", "")), dict(told.get("facts", {}))
    try:
        said = _both(STEPS[step], facts)
    except (KeyError, IndexError, ValueError):
        said = {"en": step, "zh": step}  # a step this release has no sentence for
    return {"at": str(told.get("at", "")), "step": step, "facts": facts, **said}


def _both(msgid: str, facts: Mapping[str, object]) -> dict[str, str]:
    return {"en": translate(msgid, "en", facts), "zh": translate(msgid, "zh", facts)}


def title_of(capture: Capture, log: Mapping[str, Any]) -> str:
    """What the record and the document are called until their holder says otherwise: the host, and the page's title."""
    host = urlsplit(capture.address).netloc
    page = " ".join(str(log.get("title", "")).split())
    return f"{host} {page}".strip()[:120].strip()


def pack(folder: Path, log: Mapping[str, Any], out: IO[bytes]) -> dict[str, Digests]:
    """Write the log into the folder and all files into one archive; returns their names and digests."""
    (folder / LOG).write_text(json.dumps(log, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8", "replace")
    digests = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in (LOG, *TAKEN):
            data = _content(folder / name)
            if data is not None:
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
                digests[name] = digests_of(data)
    return digests


def _content(path: Path) -> bytes | None:
    """The file, if it is one and not a way out of the folder."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    with open(descriptor, "rb") as file:
        data = file.read(_MAX_FILE + 1)
    return data if len(data) <= _MAX_FILE else None


def seal(files: Mapping[str, tuple[int, Digests]], log: Mapping[str, Any], *, document: str, sha256: str) -> Sealed:
    """Statement and manifest over ``files``.

    :param files: name -> size and digests.
    """
    salts = random_salts(len(files) + 1)
    leaves = [
        file_leaf(name.encode("ascii"), size, digests, salt)
        for (name, (size, digests)), salt in zip(files.items(), salts, strict=False)
    ]
    lines = build_manifest(leaves, folder=True)
    observed = {
        "capture": str(log["capture"]),
        "address": str(log["asked"]["address"]),
        "began": str(log["began"]),
        "ended": str(log["ended"]),
        "outcome": str(log["outcome"]["code"]),
    }
    statement = Statement(manifest=roots_of(lines), salt=salts[-1][:SALT_SIZE], observed=observed).encode()
    return Sealed(
        outcome=str(log["outcome"]["code"]),
        title=str(log.get("title", ""))[:300],
        material=Material(statement, join_lines(lines)),
        document=document,
        sha256=sha256,
    )
