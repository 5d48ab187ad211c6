"""The verdicts on the layers of a package or a receipt, for people and for programs."""

from __future__ import annotations

from zonary.common.language import _, say
from zonary.proof.certificate.signature import SIGNATURE
from zonary.proof.certificate.verify import CONTENT
from zonary.proof.package.report import Layer, LayerVerdict, Report, Status
from zonary.proof.printable import printable

_MARKS = {Status.VERIFIED: "✓", Status.FAILED: "✗", Status.ORIGIN_NOT_ESTABLISHED: "?", Status.NOT_CHECKED: "–"}


def print_layers(report: Report) -> None:
    """Two lines a layer, and its details."""
    for verdict in report.layers:
        print(f"  {_MARKS[verdict.status]} {layer_name(verdict.layer)}: {status_name(verdict.status)}")
        print(f"      {say(verdict.sentence)}")
        for detail in verdict.details:
            print(f"      · {say(detail)}")


def layer_name(layer: str) -> str:
    """What a layer is called; one this release does not know by its own name."""
    names = {
        Layer.FILES: _("files ↔ manifest"),
        Layer.MANIFEST: _("manifest ↔ statement"),
        Layer.INCLUSION: _("statement ↔ log"),
        Layer.CHECKPOINT: _("checkpoint signature"),
        Layer.TIMESTAMP: _("timestamp"),
        Layer.SECOND_TREE: _("second tree (SM3, SM2)"),
    }
    others = {SIGNATURE: _("certificate signature"), CONTENT: _("certificate ↔ package")}
    if layer in others:
        return others[layer]
    return names.get(Layer(layer), layer) if layer in list(Layer) else printable(layer.encode())


def status_name(status: Status) -> str:
    return {
        Status.VERIFIED: _("verified"),
        Status.FAILED: _("NOT VERIFIED"),
        Status.ORIGIN_NOT_ESTABLISHED: _("consistent, origin not established"),
        Status.NOT_CHECKED: _("not checked"),
    }[status]


def layer_json(verdict: LayerVerdict) -> dict[str, object]:
    """One verdict as it stands in ``--json``."""
    return {
        "layer": str(verdict.layer),
        "verdict": str(verdict.status),
        "text": say(verdict.sentence),
        "details": [say(detail) for detail in verdict.details],
    }
