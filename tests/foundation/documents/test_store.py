"""Where contents lie: a directory or an S3 store behave alike, and neither is where logs are published."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="documents need the [web] extra")

from tests.foundation.documents.arriving import TEXT, bring, content_of

LARGE = random.Random(8).randbytes(20 * 1024 * 1024 + 3)
"""More than one part of a multipart upload."""


def opened(request: pytest.FixtureRequest, folder: Path) -> Any:
    """A store of the kind asked for, empty."""
    from zonary.foundation.documents.contents.directory import DirectoryContents

    if request.param == "directory":
        return DirectoryContents(folder / "documents")
    from zonary.foundation.documents.contents.objects import ObjectContents
    from zonary.foundation.ledger.storage.opening import open_bucket

    environment = _environment(request.getfixturevalue("object_store"))
    return ObjectContents(*open_bucket(f"s3://{request.getfixturevalue('bucket')}/zone", environment=environment))


def _environment(server: Any) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": server.access_key,
        "AWS_SECRET_ACCESS_KEY": server.secret_key,
        "AWS_REGION": server.region,
        "ZONARY_S3_ENDPOINT": server.url,
    }


@pytest.fixture(params=["directory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return opened(request, tmp_path)


def put(store: Any, folder: Path, body: bytes) -> bytes:
    staged = folder / "staged"
    staged.write_bytes(body)
    digest = hashlib.sha256(body).digest()
    store.put(digest, len(body), staged)
    assert not staged.exists()
    return digest


@pytest.mark.parametrize("body", [b"x", LARGE], ids=["small", "large"])
def test_what_is_put_comes_back_whole_or_in_part(store: Any, tmp_path: Path, body: bytes) -> None:
    digest = put(store, tmp_path, body)
    assert store.has(digest, len(body))
    assert not store.has(digest, len(body) + 1)
    assert b"".join(store.read(digest, 0, len(body))) == body
    middle = len(body) // 3
    assert b"".join(store.read(digest, middle, len(body) - middle)) == body[middle:]
    assert max(map(len, store.read(digest, 0, len(body)))) <= 1024 * 1024
    assert put(store, tmp_path, body) == digest  # twice is once
    store.remove(digest)
    store.remove(digest)
    assert not store.has(digest, len(body))


def test_what_is_not_there_says_so_at_once(store: Any) -> None:
    from zonary.foundation.documents.errors import MissingContentError

    with pytest.raises(MissingContentError):
        store.read(b"\1" * 32, 0, 1)
    with pytest.raises(FileNotFoundError):
        store.put(b"\1" * 32, 1, Path("/nonexistent/staged"))


def test_a_directory_is_for_the_server_alone(tmp_path: Path) -> None:
    from zonary.foundation.documents.contents.directory import DirectoryContents

    put(DirectoryContents(tmp_path / "documents"), tmp_path, b"secret")
    for path in (tmp_path / "documents").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_same_file_twice_lies_there_once(five: Any, data: Any) -> None:
    bring(five.owner)
    bring(five.rival)
    files = [path for path in (data.path / "documents").rglob("*") if path.is_file()]
    assert [path.name for path in files] == [hashlib.sha256(TEXT).hexdigest()]


@pytest.fixture
def zone_with_a_bucket(data: Any, object_store: Any, bucket: str) -> Iterator[None]:
    from django.test import override_settings

    with pytest.MonkeyPatch.context() as patch, override_settings(ZONARY_DOCUMENT_STORE=f"s3://{bucket}/private"):
        for name, value in _environment(object_store).items():
            patch.setenv(name, value)
        yield


def test_a_zone_with_a_bucket_keeps_and_erases_there(five: Any, data: Any, zone_with_a_bucket: None) -> None:
    from tests.five_accounts import AT

    from zonary.foundation.documents.actions import erase_document_version
    from zonary.foundation.documents.contents import contents
    from zonary.foundation.documents.uploads import remove_unreferenced

    version = bring(five.owner, LARGE[: 9 * 1024 * 1024], piece=4 * 1024 * 1024)
    assert content_of(version) == LARGE[: 9 * 1024 * 1024]
    assert not (data.path / "documents").exists()
    assert not [name for name in os.listdir(data.path / "uploads") if not name.endswith(".lock")]
    sha256 = bytes(version.content.sha256)
    erase_document_version(str(version.document.public_id), number=1, reason="", by=five.owner, at=AT)
    assert remove_unreferenced(at=AT) == 1
    assert not contents().has(sha256, version.size)


@pytest.mark.parametrize("inside", ["s3://zone/published", "s3://zone/published/documents", "/srv/zonary"])
def test_documents_never_lie_where_everybody_reads(migrated: Any, inside: str) -> None:
    from django.test import override_settings

    from zonary.foundation.documents.contents import contents
    from zonary.foundation.ledger.storage.opening import StoreAddressError

    published = "/srv/zonary" if inside.startswith("/") else "s3://zone/published"
    with (
        override_settings(ZONARY_DOCUMENT_STORE=inside, ZONARY_STORE=published),
        pytest.raises(StoreAddressError, match="everybody"),
    ):
        contents()
