"""Builds ``c2sp-verify``, a verifier of log proofs that shares no code with Zonary (``tests/peers/c2sp``)."""

from __future__ import annotations

from pathlib import Path

from tests.peers.go_programs import compile_program, find_go

__all__ = ["build", "find_go"]

SOURCE = Path(__file__).parent / "c2sp"


def build(directory: Path) -> Path:
    """Compile into ``directory``, unless it is there already; returns the program.

    :raises FileNotFoundError: where there is no ``go``.
    :raises RuntimeError: with the compiler's words, when it does not compile.
    """
    program = directory / "c2sp-verify"
    return program if program.exists() else compile_program(SOURCE, ".", program)
