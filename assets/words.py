"""What the verifying page takes from the Python sources, so that there is one table of sentences and not two.

The sentences its scripts say literally, with their Chinese, and the texts of a package that a verifier makes anew.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE / "verify"
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def literals() -> set[str]:
    """Every text in double quotes that stands in a script or in the page."""
    sources = sorted([*SCRIPTS.glob("*.js"), *SCRIPTS.glob("*.html")])
    return {json.loads(f'"{text}"') for path in sources for text in _LITERAL.findall(_plain(path.read_text("utf-8")))}


def _plain(source: str) -> str:
    """Escapes that JSON does not know stand in regular expressions only, never in a sentence."""
    return re.sub(r"\\[^\"\\/bfnrtu]|\\u(?![0-9a-fA-F]{4})", "", source)


def words() -> dict[str, object]:
    from zonary.common.language import CATALOGUE
    from zonary.proof.package import asic, readme
    from zonary.proof.package.container import PACKAGE_TOKEN, STATEMENT

    said = {text: CATALOGUE[text] for text in sorted(literals()) if text in CATALOGUE}
    listed = asic._TEMPLATE.format(token=PACKAGE_TOKEN, statement=STATEMENT, digest="{digest}")
    return {"CHINESE": said, "README": readme._TEXT.template, "FURTHER": readme._FURTHER, "ASIC_MANIFEST": listed}


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent / "src"))
    print(json.dumps(words(), ensure_ascii=False))
