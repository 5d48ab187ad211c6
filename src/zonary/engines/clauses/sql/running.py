"""Questions put to a Parquet file or a DuckDB table of enterprises; answers as Arrow. No server, no network."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
from sqlglot import exp

from zonary.engines.clauses.errors import DatumError
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.sql import statements
from zonary.engines.clauses.sql.errors import SqlError
from zonary.engines.clauses.sql.questions import Question, batches
from zonary.engines.clauses.sql.statements import Dialect
from zonary.engines.clauses.sql.tables import KEY, Reading, Table, columns_read, misfits
from zonary.engines.clauses.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_AT_ONCE: Final = 100_000
_SETTINGS: Final = {
    "autoinstall_known_extensions": "false",  # nothing is fetched
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # nor a variable of this program
    "temp_directory": "",  # facts about enterprises are not spilt onto a disk; what needs more memory fails
}
_WHOLE: Final = re.compile(r"U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DECIMAL\(\d+,0\)")


@dataclass(frozen=True)
class Enterprises:
    """A table that can be asked. Made by :func:`opened`."""

    table: Table
    _connection: duckdb.DuckDBPyConnection

    def answers(
        self, questions: Sequence[Question], vocabulary: Vocabulary, *, kept: Collection[Truth] = tuple(Truth)
    ) -> Iterator[pa.RecordBatch]:
        """``enterprise, item, clause, answer``: see :func:`.statements.answers`. In pieces, as there may be millions.

        :raises DatumError: before the first piece, when the table does not fit the questions.
        :raises SqlError: when the questions cannot be asked in SQL, or DuckDB fails.
        """
        self.require_fits(questions, vocabulary)
        for batch in batches(questions):
            tree = statements.answers(batch, self.table, vocabulary, kept=kept)
            with _said_in_a_sentence():
                yield from self._run(tree).to_arrow_reader(ROWS_AT_ONCE)

    def count(self, questions: Sequence[Question], vocabulary: Vocabulary) -> Iterator[pa.RecordBatch]:
        """``item, clause, yes, no, unknown``: see :func:`.statements.count`.

        :raises DatumError: when the table does not fit the questions.
        :raises SqlError: when the questions cannot be asked in SQL, or DuckDB fails.
        """
        self.require_fits(questions, vocabulary)
        for batch in batches(questions):
            with _said_in_a_sentence():
                yield from self._run(statements.count(batch, self.table, vocabulary)).to_arrow_reader(ROWS_AT_ONCE)

    def require_fits(self, questions: Sequence[Question], vocabulary: Vocabulary) -> None:
        """:raises DatumError: for a column that is missing or of another type, a value beyond its term, a key twice."""
        read = columns_read(questions, self.table.key)
        self._require_types({each.name: reading for each, reading in read.items()})
        with _said_in_a_sentence():
            total, keys, *outside = self._run(misfits(questions, self.table, vocabulary)).fetchall()[0]
        if total != keys:
            raise DatumError(
                "Of {total} rows only {keys} have a “{key}” of their own. An enterprise stands in one row.",
                total=total, keys=keys, key=self.table.key,
            )  # fmt: skip
        for each, rows in zip(read, outside, strict=True):
            if rows:
                raise DatumError(
                    "In {rows} rows the column “{column}” has a value that it cannot have.", rows=rows, column=each.name
                )

    def _require_types(self, wanted: dict[str, Reading]) -> None:
        with _said_in_a_sentence():
            found = self._run(exp.Select(expressions=[exp.Star()]).from_(self.table.tree))
            types = dict(zip(found.columns, map(str, found.types), strict=True))
        if self.table.key not in types:
            raise DatumError("The table has no column “{column}”.", column=self.table.key)
        for called, reading in wanted.items():
            if called not in types:
                raise DatumError("The table has no column “{column}”.", column=called)
            if types[called] == '"NULL"':  # nothing in it is known
                continue
            if not (_WHOLE.fullmatch(types[called]) if reading is Reading.NUMBER else types[called] == reading.value):
                raise DatumError("The column “{column}” is stored as {found}, and has to be {wanted}.",
                                 column=called, found=types[called], wanted=reading.value)  # fmt: skip

    def _run(self, tree: exp.Expr) -> duckdb.DuckDBPyRelation:
        return self._connection.sql(statements.text(tree, Dialect.DUCKDB))


@contextmanager
def opened(path: Path, table: str = "", *, key: str = KEY, threads: int | None = None) -> Iterator[Enterprises]:
    """A Parquet file, or, when a ``table`` is named, that one of a DuckDB database, which is only read.

    :raises SqlError: when it cannot be opened.
    """
    if not path.is_file():
        raise SqlError("There is no file “{path}”.", path=str(path))
    if not table and re.search(r"[*?\[\]]", str(path)):
        raise SqlError("DuckDB takes *, ?, [ and ] in “{path}” for patterns. Rename the file.", path=str(path))
    settings: dict[str, str | bool | int | float | list[str]] = {
        **_SETTINGS,
        **({"threads": threads} if threads else {}),
    }
    with _said_in_a_sentence(), _connected(path if table else None, settings) as connection:
        # No other file is read, whatever a table is called.
        _set(connection, "allowed_paths", exp.array(exp.Literal.string(str(path))))
        _set(connection, "enable_external_access", exp.false())
        if not table:
            connection.read_parquet(str(path)).create_view("enterprises")
        yield Enterprises(Table(parts=(table or "enterprises",), key=key), connection)


def _connected(
    database: Path | None, settings: dict[str, str | bool | int | float | list[str]]
) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(database, read_only=True, config=settings) if database else duckdb.connect(config=settings)


def _set(connection: duckdb.DuckDBPyConnection, option: str, value: exp.Expr) -> None:
    item = exp.SetItem(this=exp.EQ(this=exp.Column(this=exp.to_identifier(option)), expression=value))
    connection.execute(exp.Set(expressions=[item]).sql(Dialect.DUCKDB.value))


@contextmanager
def _said_in_a_sentence() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise SqlError("DuckDB could not do it: {reason}", reason=str(error).splitlines()[0][:200]) from error
