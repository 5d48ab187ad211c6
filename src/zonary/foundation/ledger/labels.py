"""What the fields of the ledger's own events are called."""

from __future__ import annotations

from zonary.foundation.ledger.act_labels import Label, Labels, Shape

FIELDS: Labels = {
    "entries": Label("Entries", Shape.CODE),
    "origin": Label("Name of the log", Shape.CODE),
    "keys": Label("Keys that sign from now on", Shape.CODE),
    "retired": Label("Keys that were retired", Shape.CODE),
    "certificate_sha256": Label("SHA-256 of the certificate", Shape.CODE),
    "root_sha256": Label("SHA-256 of the root certificate", Shape.CODE),
    "sha256": Label("SHA-256", Shape.CODE),
    "sm3": Label("SM3", Shape.CODE),
    "release": Label("Release", Shape.CODE),
    "predecessor_origin": Label("Name of the log before", Shape.CODE),
    "predecessor_size": Label("Entries of the log before"),
    "predecessor_root": Label("Root of the log before", Shape.CODE),
    "predecessor_checkpoint": Label("Last checkpoint of the log before", Shape.CODE),
    "abandoned": Label("Given up, since its key was lost"),
}
