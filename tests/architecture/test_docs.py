"""Documents point at what exists, and say the same in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"```([a-z]*)\n(.*?)```", re.DOTALL)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
BANNED = {"公证", "法院认可", "court certificate", "valid in court"}
"""What Zonary is not and may not be called; glossary and threat model may say so."""

PAIRS = [("README.md", "README.zh-CN.md"), ("CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md")] + [
    (f"docs/{part}/en/{page}", f"docs/{part}/zh/{page}")
    for part, pages in {
        "guide": [
            "certificate.md",
            "policy-benefits.md",
            "seal-and-verify.md",
            "watch.md",
            "verify-in-a-browser.md",
            "company.md",
            "check-with-other-tools.md",
            "api.md",
            "capture.md",
            "secrets.md",
            "writing-rules.md",
            "policy-to-measure.md",
            "automatic-grants.md",
            "releasing-rules.md",
            "shipped-rules.md",
        ],
        "operate": [
            "data-directory.md",
            "backup-and-keys.md",
            "backup-and-restore.md",
            "postgresql-and-object-store.md",
            "clock.md",
            "timestamps.md",
            "doctor.md",
            "embedding.md",
            "logs-and-metrics.md",
            "settings.md",
            "without-a-network.md",
            "protection-gaps.md",
            "upgrade.md",
        ],
    }.items()
    for page in pages
]


def _markdown() -> list[Path]:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "specs").glob("*.md")]
    return sorted(pages)


def _commands(text: str) -> list[str]:
    """Shell blocks without comments, which are translated."""
    blocks = [body for language, body in FENCE.findall(text) if language == "sh"]
    return [re.sub(r"\s*(?<![\w'\"$])#.*", "", line) for body in blocks for line in body.splitlines() if line.strip()]


@pytest.mark.parametrize("page", _markdown(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    prose = FENCE.sub("", page.read_text("utf-8"))
    broken = []
    for link in LINK.findall(prose):
        target = link.partition("#")[0]
        if re.match(r"[a-z]+:", link) or not target:
            continue
        if not (page.parent / target).exists():
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_have_the_same_parts(english: str, chinese: str) -> None:
    one, other = ((ROOT / name).read_text("utf-8") for name in (english, chinese))
    assert HEADING.findall(FENCE.sub("", one)) == HEADING.findall(FENCE.sub("", other))
    assert _commands(one) == _commands(other)
    assert [language for language, _ in FENCE.findall(one)] == [language for language, _ in FENCE.findall(other)]


def test_every_guide_has_its_twin() -> None:
    for part in ("guide", "operate"):
        english, chinese = ({p.name for p in (ROOT / "docs" / part / name).glob("*.md")} for name in ("en", "zh"))
        assert english == chinese
        assert {f"docs/{part}/en/{name}" for name in english} <= {one for one, _ in PAIRS}


def test_no_claim_that_is_not_ours() -> None:
    pages = [p for p in _markdown() if p.name not in {"glossary.md", "THREAT_MODEL.md", "CONTRIBUTING.zh-CN.md"}]
    assert {f"{p.name}: {word}" for p in pages for word in BANNED if word in p.read_text("utf-8")} == set()


def test_adrs_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_locked_dependency_has_its_word() -> None:
    locked = (ROOT / "requirements" / "dev.txt").read_text("utf-8")
    names = set(re.findall(r"^([a-z0-9-]+)==", locked, re.MULTILINE))
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    assert len(names) > 20
    assert sorted(name for name in names if f"`{name}`" not in page) == []


def test_every_npm_package_has_its_word() -> None:
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text("utf-8"))["packages"]
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    names = {path.rpartition("node_modules/")[2] for path in lock if path}
    # Those for other machines than this one are the same program built anew.
    ours = {name for name in names if not name.startswith(("@esbuild/", "@parcel/watcher-"))}
    assert sorted(name for name in ours if f"`{name}`" not in page) == []


def test_no_npm_package_is_under_a_licence_that_reaches_our_code() -> None:
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text("utf-8"))["packages"]
    licences = {path: package.get("license", "none") for path, package in lock.items() if path}
    assert licences.pop("node_modules/combine-errors", "none") == "none"  # MIT, as its Readme says
    known = {"0BSD", "Apache-2.0", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT", "MPL-2.0"}
    assert {path: licence for path, licence in licences.items() if licence not in known} == {}


def test_the_dependency_page_names_the_locked_versions() -> None:
    locked = dict(
        re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "requirements" / "dev.txt").read_text("utf-8"), re.MULTILINE)
    )
    npm = json.loads((ROOT / "assets" / "package-lock.json").read_text("utf-8"))["packages"]
    locked |= {path.removeprefix("node_modules/"): package["version"] for path, package in npm.items() if path}
    rows = re.findall(
        r"^\| `([a-z0-9./@-]+)` ([\d.]+) \|", (ROOT / "docs/dependencies.md").read_text("utf-8"), re.MULTILINE
    )
    assert rows
    assert {name: version for name, version in rows if locked.get(name) != version} == {}
