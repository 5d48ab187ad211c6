"""A store is opened by its address; what is wrong with address or environment is said before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from zonary.foundation.ledger.storage import CHECKPOINT, DirectoryStore, StoreAddressError, StoreError, open_store

SECRETS = {"AWS_ACCESS_KEY_ID": "AKIANAME", "AWS_SECRET_ACCESS_KEY": "very-secret"}


@pytest.fixture
def environment(object_store: Any) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": object_store.access_key,
        "AWS_SECRET_ACCESS_KEY": object_store.secret_key,
        "AWS_REGION": object_store.region,
        "ZONARY_S3_ENDPOINT": object_store.url,
    }


@pytest.mark.parametrize("kind", [str, Path])
def test_a_directory(tmp_path: Path, kind: Callable[[Path], str | Path]) -> None:
    steps: list[str] = []
    store = open_store(kind(tmp_path / "log"), steps.append)
    assert isinstance(store, DirectoryStore)
    store.write([("tile/0/000", b"x")])
    assert (tmp_path / "log/tile/0/000").read_bytes() == b"x"
    assert steps


@pytest.mark.parametrize("prefix", ["", "/", "/zone/log"])
def test_a_bucket_with_a_prefix(object_store: Any, bucket: str, environment: dict[str, str], prefix: str) -> None:
    store = open_store(f"s3://{bucket}{prefix}", environment=environment)
    assert store.is_fenced
    store.write([("tile/0/000", b"x"), ("tile/0/000.p/5", b"y")])
    store.replace_checkpoint(None, b"one")
    files = {str(path.relative_to(object_store.directory / "buckets" / bucket)) for path in walk(object_store, bucket)}
    below = prefix.strip("/") and prefix.strip("/") + "/"
    assert files == {f"{below}tile/0/000", f"{below}tile/0/000.p/5", f"{below}checkpoint"}
    assert list(store.paths("tile", "tile/0/000")) == ["tile/0/000.p/5"]
    store.remove(["tile/0/000.p/5"])
    assert list(store.paths("tile")) == ["tile/0/000"]
    assert store.read(CHECKPOINT) == b"one"


def walk(object_store: Any, bucket: str) -> list[Path]:
    return [path for path in (object_store.directory / "buckets" / bucket).rglob("*") if path.is_file()]


def test_logs_of_one_bucket_do_not_meet(bucket: str, environment: dict[str, str]) -> None:
    one, other = (open_store(f"s3://{bucket}/{name}", environment=environment) for name in ("log", "openlog"))
    one.write([("tile/0/000", b"one")])
    other.write([("tile/0/000", b"other"), ("tile/0/001", b"other")])
    assert one.read("tile/0/000") == b"one"
    assert list(one.paths("tile")) == ["tile/0/000"]


@pytest.mark.parametrize(
    "address",
    [
        "https://s3.example.org/bucket",
        "s3:/bucket://",
        "s3://",
        "s3:///prefix",
        "s3://UPPER/x",
        "s3://bucket/a//b",
        "s3://bucket/../other",
        "s3://bucket/.hidden",
        "s3://bucket/x?y",
        "s3://bucket/ space",
        "s3://name:password@bucket/x",
        "ftp://name:password@host/x",
    ],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(StoreAddressError) as caught:
        open_store(address, environment=SECRETS)
    assert "password" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_ACCESS_KEY_ID", ""),
        ("AWS_ACCESS_KEY_ID", "AKIANAME\n"),
        ("AWS_SECRET_ACCESS_KEY", ""),
        ("AWS_SECRET_ACCESS_KEY", " very-secret"),
        ("AWS_SESSION_TOKEN", "very\nsecret"),
        ("AWS_REGION", "evil.example/"),
        ("ZONARY_S3_ENDPOINT", "s3.example.org"),
        ("ZONARY_S3_ENDPOINT", "ftp://s3.example.org"),
        ("ZONARY_S3_ENDPOINT", "https://name:very-secret@s3.example.org"),
        ("ZONARY_S3_ENDPOINT", "https://s3.example.org:port"),
        ("ZONARY_S3_ENDPOINT", "https://s3.example.org/path"),
        ("ZONARY_S3_ENDPOINT", "https://[s3.example.org"),
        ("ZONARY_S3_CA", "/no/such/file"),
    ],
)
def test_what_the_environment_lacks_is_named(name: str, value: str) -> None:
    with pytest.raises(StoreAddressError, match=name) as caught:
        open_store("s3://bucket", environment=SECRETS | {name: value})
    assert "secret" not in str(caught.value)


def test_without_tls_only_where_the_endpoint_says_so(
    object_store: Any, bucket: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else in the environment the library would listen to."""
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", object_store.url)
    monkeypatch.setenv("AWS_ENDPOINT", object_store.url)
    monkeypatch.setenv("AWS_BUCKET", "another")
    assert open_store(f"s3://{bucket}", environment=environment).is_fenced
    tls = environment | {"ZONARY_S3_ENDPOINT": object_store.url.replace("http://", "https://")}
    with pytest.raises(StoreError, match="the connection fails"):
        open_store(f"s3://{bucket}", environment=tls).read(CHECKPOINT)


def test_secrets_are_not_shown() -> None:
    store = open_store("s3://bucket/log", environment=SECRETS | {"AWS_SESSION_TOKEN": "very-secret-too"})
    assert repr(store) == "ObjectStore('s3://bucket/log')"
    assert "secret" not in str(store)


def test_opening_asks_nothing() -> None:
    """A server may be started while its store is out of reach."""
    environment = SECRETS | {"ZONARY_S3_ENDPOINT": "http://127.0.0.1:1"}
    assert open_store("s3://bucket/log", environment=environment)


@pytest.mark.parametrize(
    ("environment", "endpoint"),
    [
        ({}, "https://s3.us-east-1.amazonaws.com"),
        ({"AWS_REGION": "cn-north-1"}, "https://s3.cn-north-1.amazonaws.com.cn"),
        ({"ZONARY_S3_ENDPOINT": "https://s3.example.org/"}, "https://s3.example.org"),
        (
            {"ZONARY_S3_ENDPOINT": "https://oss.example.org:8443", "ZONARY_S3_VIRTUAL_HOST": "1"},
            "https://bucket.oss.example.org:8443",
        ),
    ],
)
def test_where_requests_go(environment: dict[str, str], endpoint: str) -> None:
    store: Any = open_store("s3://bucket/log", environment=SECRETS | environment)
    assert store._client.config["endpoint"] == endpoint
