"""Pages that do what pages ought not to do: each ends in its time, with a clear outcome and what came till then."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="captures need the [web] extra")
pytest.importorskip("playwright", reason="captures need the [capture] extra")

from tests.services.evidence.capture.capturing import facts_of, needs_chromium, opened, steps_of
from tests.services.evidence.capture.sites import leads_to, listener, never, page, serve, without_end

pytestmark = needs_chromium
SHORT = {"loading": 5, "settling": 1, "total": 45}


def seen_of(watched: Any) -> dict[str, Any]:
    assert watched.seen is not None, watched.said
    found: dict[str, Any] = watched.seen
    return found


def test_a_page_that_is_never_loaded_is_captured_as_far_as_it_came() -> None:
    with serve({"/": never}) as site, opened(f"{site.url}/", site.host, **SHORT) as (watched, folder):
        assert seen_of(watched)["outcome"] == "incomplete"
        assert "not-loaded" in steps_of(watched)
        assert (folder / "screenshot.png").exists()
        assert "<h1>here</h1>" in (folder / "page.html").read_text()


def test_nothing_that_is_inside_is_reached_however_it_is_asked_for() -> None:
    """By redirect, frame, picture, script, socket, form, other window, worker, and by names that are inside."""
    with listener() as private, listener(socket.SOCK_DGRAM) as udp:
        inside = f"http://127.0.0.1:{private.port}"
        named = f"http://localhost:{private.port}"
        hidden = f"http://2130706433:{private.port}"
        mapped = f"http://[::ffff:127.0.0.1]:{private.port}"
        body = f"""<title>sly</title><h1>sly</h1><iframe src="{inside}/frame"></iframe><img src="{mapped}/picture">
            <img src="{hidden}/number"><link rel="preload" as="image" href="{named}/preload">
            <link rel="preconnect" href="{inside}"><link rel="dns-prefetch" href="//localhost:{private.port}">
            <iframe src="file:///etc/passwd"></iframe><object data="{inside}/object"></object><script>
            const quiet = () => 0;
            for (const where of ["{inside}/", "{named}/", "{mapped}/", "/leads"]) {{
              fetch(where, {{mode: "no-cors"}}).catch(quiet); navigator.sendBeacon(where, "x");
              try {{ new WebSocket(where.replace("http", "ws")); new EventSource(where); }} catch (error) {{}}
              try {{ new Worker(URL.createObjectURL(new Blob([`fetch("${{where}}")`]))); }} catch (error) {{}}
            }}
            try {{ const peer = new RTCPeerConnection({{iceServers: [{{urls: "stun:127.0.0.1:{udp.port}"}}]}});
              peer.createDataChannel("x"); peer.createOffer().then(offer => peer.setLocalDescription(offer));
            }} catch (error) {{}}
            window.open("{inside}/window");
            setTimeout(() => location.assign("{inside}/away"), 500);
            </script>"""
        pages = {"/": page(body), "/leads": leads_to(inside)}
        with serve(pages) as site, opened(f"{site.url}/", site.host, **SHORT) as (watched, folder):
            found = seen_of(watched)
            refused = {(each["host"], each["port"]) for each in facts_of(watched, "refused")}
            assert ("127.0.0.1", private.port) in refused
            assert ("localhost", private.port) in refused
            assert {each["connected"] for each in found["names"] if each["port"] == private.port} == {""}
            assert not (folder / "page.html").exists() or "root:" not in (folder / "page.html").read_text()
        assert (private.connections, udp.connections) == (0, 0)


def test_a_redirect_to_a_place_inside_is_the_end_of_it() -> None:
    with listener() as private:
        pages = {"/": leads_to(f"http://127.0.0.1:{private.port}/")}
        with serve(pages) as site, opened(f"{site.url}/", site.host, **SHORT) as (watched, folder):
            assert seen_of(watched)["outcome"] == "refused"
            assert facts_of(watched, "redirected")[0]["target"] == f"http://127.0.0.1:{private.port}/"
            # What came till then is kept; a page of the browser's own, or of the proxy, is not.
            assert {path.name for path in folder.glob("*.*") if path.is_file()} == {"page.wacz"}
        assert private.connections == 0


def test_a_file_to_be_saved_is_refused() -> None:
    body = page(b"MZ" * 1000, "application/octet-stream", Content_Disposition='attachment; filename="setup.exe"')
    with serve({"/": body}) as site, opened(f"{site.url}/", site.host, **SHORT) as (watched, folder):
        assert seen_of(watched)["outcome"] == "download"
        assert facts_of(watched, "download")[0]["name"] == "setup.exe"
        assert not list(folder.rglob("*.exe"))


@pytest.mark.parametrize("how", ["status", "script", "meta"])
def test_redirects_without_end(how: str) -> None:
    ways = {
        "status": leads_to("/"),
        "script": page("<title>t</title><script>location.replace('/?' + Math.random())</script>"),
        "meta": page("<title>t</title><meta http-equiv=refresh content=0>"),
    }
    with serve({"/": ways[how]}) as site, opened(f"{site.url}/", site.host, **SHORT) as (watched, _folder):
        assert seen_of(watched)["outcome"] == "redirects"
        assert len(site.seen) < 60


def test_a_body_without_end() -> None:
    limits = {**SHORT, "bytes": 3_000_000}
    with serve({"/": without_end}) as site, opened(f"{site.url}/", site.host, **limits) as (watched, folder):
        assert seen_of(watched)["outcome"] == "too-much"
        assert seen_of(watched)["received"] < 4_000_000
        assert sum(path.stat().st_size for path in folder.glob("page.*")) < 40_000_000


def test_more_things_than_anybody_needs() -> None:
    pictures = "".join(f"<img src='/p?{n}'>" for n in range(300))
    pages = {"/": page(f"<h1>many</h1>{pictures}"), "/p": page(b"x", "image/png")}
    with serve(pages) as site, opened(f"{site.url}/", site.host, **SHORT, requests=40) as (watched, _folder):
        assert seen_of(watched)["outcome"] == "too-much"
        assert len(site.seen) <= 40


def test_dialogs_and_other_windows_are_dismissed_and_told() -> None:
    body = """<title>loud</title><h1>loud</h1><script>
        alert("给我钱"); confirm("sure?"); prompt("name?"); window.open("/other"); window.open("about:blank");
        onbeforeunload = event => event.preventDefault();
        </script>"""
    pages = {"/": page(body), "/other": page("<h1>other</h1>")}
    with serve(pages) as site, opened(f"{site.url}/", site.host, **SHORT) as (watched, folder):
        assert seen_of(watched)["outcome"] == "captured"
        assert [each["kind"] for each in facts_of(watched, "dialog")] == ["alert", "confirm", "prompt"]
        assert facts_of(watched, "dialog")[0]["message"] == "给我钱"
        assert facts_of(watched, "popup")
        assert (folder / "screenshot.png").exists()


def test_a_dialog_without_end_and_a_script_without_end() -> None:
    pages = {
        "/alerts": page("<script>for (;;) alert(1)</script>"),
        "/busy": page("<h1>x</h1><script>for (;;);</script>"),
    }
    limits = {**SHORT, "output": 2, "total": 12}
    with serve(pages) as site:
        for path in pages:
            began = time.monotonic()
            with opened(f"{site.url}{path}", site.host, **limits) as (watched, _folder):
                assert watched.cut or seen_of(watched)["outcome"] in ("incomplete", "unreachable")
            assert time.monotonic() - began < 27


def test_a_wall_that_asks_for_a_password_is_told() -> None:
    pages = {
        "/": page("<title>Sign in</title><form><input type=password></form>"),
        "/basic": lambda handler: handler.give(b"no", status=401, WWW_Authenticate="Basic realm=x"),
    }
    with serve(pages) as site:
        with opened(f"{site.url}/", site.host, **SHORT) as (watched, _folder):
            assert "sign-in" in steps_of(watched)
        with opened(f"{site.url}/basic", site.host, **SHORT) as (watched, _folder):
            # Nothing of the proxy's secret goes to whoever asks for a password.
            assert not any("uthorization" in name for _path, headers in site.seen for name in headers)
            assert seen_of(watched)["outcome"] in ("captured", "unreachable")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of an authority that nobody trusts, with its key and chain."""
    folder = tmp_path_factory.mktemp("authority")
    config = "subjectAltName=IP:127.0.0.1"
    commands = (
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=Nobody",
        "openssl req -newkey rsa:2048 -nodes -keyout site.key -out site.csr -subj /CN=shop.example",
        "openssl x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 -extfile ext -out site.pem",
    )
    (folder / "ext").write_text(config)
    for command in commands:
        subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    chain = folder / "chain.pem"
    chain.write_bytes(b"".join((folder / name).read_bytes() for name in ("site.pem", "ca.pem", "site.key")))
    return chain


def test_a_broken_certificate_is_recorded_and_the_page_not_opened(broken: Path) -> None:
    with serve({"/": page("<title>t</title><h1>x</h1>")}, chain=broken) as site:
        with opened(f"{site.url}/", site.host, **SHORT) as (watched, folder):
            found = seen_of(watched)
            assert found["outcome"] == "certificate"
            assert facts_of(watched, "distrusted")[0]["reason"] == "ERR_CERT_AUTHORITY_INVALID"
            (chain,) = found["chains"]
            assert not chain["trusted"]
            assert [each["subject"] for each in chain["certificates"]] == ["CN=shop.example", "CN=Nobody"]
            pem = (folder / "certificates.pem").read_text()
            assert pem.count("BEGIN CERTIFICATE") == 2
        assert site.seen == []


def test_whoever_asks_for_it_gets_the_page_in_spite_of_its_certificate(broken: Path) -> None:
    pages = {"/": page("<title>t</title><h1>in spite</h1>")}
    with serve(pages, chain=broken) as site, opened(f"{site.url}/", site.host, goes_on=True, **SHORT) as seen:
        watched, folder = seen
        assert seen_of(watched)["outcome"] == "captured"
        assert {"distrusted", "in-spite", "untrusted"} <= set(steps_of(watched))
        assert "in spite" in (folder / "page.html").read_text()
        with zipfile.ZipFile(folder / "page.wacz") as archive:
            assert json.loads(archive.read("datapackage.json"))["wacz_version"] == "1.1.1"


def test_what_takes_too_much_memory_or_time_is_killed_with_all_it_started() -> None:
    hog = "<script>const kept = []; for (;;) kept.push(new Uint8Array(1e7).fill(1));</script>"
    with serve({"/": page(hog), "/slow": never}) as site:
        with opened(f"{site.url}/", site.host, memory=50_000_000, **SHORT) as (watched, folder):
            assert watched.cut == "killed"
            assert _working_in(folder) == []
        with opened(f"{site.url}/slow", site.host, loading=30, total=12) as (watched, folder):
            assert watched.cut == "killed"
            assert _working_in(folder) == []


def _working_in(folder: Path) -> list[str]:
    """Programs whose home the folder is."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and f"HOME={folder}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append((entry / "comm").read_text())
    return found


def test_an_address_where_nobody_is() -> None:
    with opened("http://nobody.invalid/", **SHORT) as (watched, _folder):
        assert seen_of(watched)["outcome"] == "unreachable"
        assert facts_of(watched, "unresolved") == [{"host": "nobody.invalid"}]
