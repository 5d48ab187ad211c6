"""What the verifying page takes from the Python sources, so that there is one table of sentences and not two.

The sentences its scripts say literally, with their Chinese, and the texts of a package that a verifier makes anew.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE / "verify"
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def literals() -> set[str]:
    """Every text in double quotes that stands in a script or in the page."""
    sources = sorted([*SCRIPTS.rglob("*.js"), *SCRIPTS.glob("*.html")])
    return {json.loads(f'"{text}"') for path in sources for text in _LITERAL.findall(_plain(path.read_text("utf-8")))}


def _plain(source: str) -> str:
    """Escapes that JSON does not know stand in regular expressions only, never in a sentence."""
    return re.sub(r"\\[^\"\\/bfnrtu]|\\u(?![0-9a-fA-F]{4})", "", source)


def facts() -> dict[str, dict[str, list[object]]]:
    """What stands in ``certificate.json``, of each part its fields in their order.

    Of a field: what it is (a part, a list of one kind, or plain kinds), whether it must be there, what it is otherwise.
    """
    import msgspec

    from zonary.proof.certificate.facts import CertificateFacts

    described: dict[str, dict[str, list[object]]] = {}

    def kind(told: object) -> object:
        if isinstance(told, msgspec.inspect.VarTupleType):
            return [kind(told.item_type)]
        if isinstance(told, msgspec.inspect.StructType):
            part(told)
            return told.cls.__name__
        if isinstance(told, msgspec.inspect.UnionType):
            return "|".join(str(kind(each)) for each in told.types)
        return {"NoneType": "null"}.get(name := type(told).__name__, name.removesuffix("Type").lower())

    def part(told: msgspec.inspect.StructType) -> None:
        described[told.cls.__name__] = {
            each.name: [kind(each.type), each.required, None if each.required else list(each.default)
                        if isinstance(each.default, tuple) else each.default]
            for each in told.fields
        }  # fmt: skip

    kind(msgspec.inspect.type_info(CertificateFacts))
    return described


def words() -> dict[str, object]:
    from zonary.common.language import CATALOGUE
    from zonary.proof.certificate.commands import TABLE
    from zonary.proof.package import asic, readme
    from zonary.proof.package.container import PACKAGE_TOKEN, STATEMENT

    said = {text: CATALOGUE[text] for text in sorted(literals()) if text in CATALOGUE}
    listed = asic._TEMPLATE.format(token=PACKAGE_TOKEN, statement=STATEMENT, digest="{digest}")
    return {"CHINESE": said, "README": readme._TEXT.template, "FURTHER": readme._FURTHER, "ASIC_MANIFEST": listed} | {
        "STEPS": [dataclasses.asdict(entry) for entry in TABLE],
        "FACTS": facts(),
    }


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent / "src"))
    print(json.dumps(words(), ensure_ascii=False))
