"""Statements hold nothing that databases disagree about, no name that breaks out, and no sum that overflows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import duckdb
import pytest
import sqlglot
from hypothesis import given, settings
from sqlglot import exp
from tests.engines.clauses.sql.asked import FLAGS, INDUSTRY, VOCABULARY, questions

from zonary.engines.clauses import sql
from zonary.engines.clauses.circuits.gates import Circuit, Column, Conjunction, Linear, Negated, Said, Within, linear
from zonary.engines.clauses.sql.atoms import MAX_DECIMAL, express_atom
from zonary.engines.clauses.sql.errors import SqlError
from zonary.engines.clauses.sql.questions import MAX_QUESTIONS, Question, batches
from zonary.engines.clauses.sql.statements import Dialect, answers, count, text
from zonary.engines.clauses.sql.tables import Table, columns_read, misfits
from zonary.engines.clauses.vocabulary import MAX_STORED, Kind, Term, Vocabulary

TABLE = Table(parts=("zone", "enterprises"))
ALLOWED = (
    exp.Add, exp.Alias, exp.And, exp.Boolean, exp.CTE, exp.Case, exp.Cast, exp.Coalesce, exp.Column, exp.Count,
    exp.DataType, exp.DataTypeParam, exp.Distinct, exp.From, exp.GT, exp.GTE, exp.Identifier, exp.If, exp.In, exp.Join,
    exp.LT, exp.Length, exp.Literal, exp.Mul, exp.NEQ, exp.Neg, exp.Not, exp.Or, exp.Paren, exp.Select, exp.Star,
    exp.Sub, exp.Substring, exp.Table, exp.TableAlias, exp.Tuple, exp.Values, exp.Where, exp.With,
)  # fmt: skip
"""No division, no function by its bare name, nothing of dates, bits, floats or patterns."""


@pytest.mark.parametrize("dialect", Dialect)
@settings(max_examples=25, deadline=None)
@given(asked=questions(least=1, most=6))
def test_each_dialect_reads_its_text_back_and_knows_every_word(dialect: Dialect, asked: list[Question]) -> None:
    """Trino's text is looked at here only: no Trino server ran it."""
    made = [answers(asked, TABLE, VOCABULARY), count(asked, TABLE, VOCABULARY), misfits(asked, TABLE, VOCABULARY)]
    for written in (text(each, dialect) for each in made):
        (read,) = sqlglot.parse(written, dialect=dialect.value)
        assert read is not None
        assert read.sql(dialect=dialect.value) == written
        # Spark's CAST is read as one that may fail, outside its strict mode. Ours is proven not to.
        casts = {exp.TryCast} if dialect is Dialect.SPARK else set()
        assert "TRY_CAST" not in written
        assert {type(each) for each in read.walk()} <= {*ALLOWED, *casts}
        types = {each.sql() for each in read.find_all(exp.DataType)}
        assert types <= {"BIGINT", "DECIMAL(38, 0)"}


# --- names -----------------------------------------------------------------------------------------------------------

HOSTILE = (
    'a"; DROP TABLE enterprises; --',
    "a`b",
    "a'b",
    "a\\",
    "《研发，费用》",
    "rd-expense@-1",
    "/* x",
    "{{ x }}",
    "$1",
    ":a",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_name(name: str) -> None:
    vocabulary = Vocabulary(terms=(Term(id=name, chinese="词", english="word", kind=Kind.CODE),))
    codes = frozenset({name, "C39"})
    asked = [Question(item=name, clause=f"{name}2", circuit=Within(Column(name), codes))]
    table = Table(parts=(name,), key=f"{name} key")
    statement = answers(asked, table, vocabulary)
    quoted = exp.to_identifier(name, quoted=True).sql("duckdb")
    key = exp.to_identifier(table.key, quoted=True).sql("duckdb")
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE {quoted} ({key} TEXT, {quoted} TEXT)")
    connection.execute(f"INSERT INTO {quoted} VALUES ('E1', ?), ('E2', NULL), ('E3', 'D')", [f"{name} inside"])
    found = connection.sql(text(statement, Dialect.DUCKDB)).fetchall()
    assert sorted(found) == [(f"E{i}", name, f"{name}2", answer) for i, answer in ((1, 1), (2, 0), (3, -1))]
    for dialect in Dialect:
        (read,) = sqlglot.parse(text(statement, dialect), dialect=dialect.value)
        assert read is not None
        assert read.sql(dialect=dialect.value) == text(statement, dialect)
        assert name in {each.name for each in read.find_all(exp.Column)}
        assert name in {each.name for each in read.find_all(exp.Literal) if each.is_string}


@pytest.mark.parametrize("name", ["", "a\x00b", "a\nb", "\x7f"])
def test_a_name_that_nothing_quotes_is_refused(name: str) -> None:
    asked = [Question(item="a", circuit=Said(FLAGS[0]))]
    with pytest.raises(SqlError, match="cannot be the name"):
        answers(asked, Table(parts=(name,)), VOCABULARY)


@pytest.mark.parametrize("parts", [(), ("a", "b", "c", "d"), ("layer0",), ("Asked",)])
def test_a_table_that_the_statement_would_not_find_is_refused(parts: tuple[str, ...]) -> None:
    with pytest.raises(SqlError):
        answers([Question(item="a", circuit=Said(FLAGS[0]))], Table(parts=parts), VOCABULARY)


@pytest.mark.parametrize(
    ("one", "other"),
    [(Column("Staff"), Column("staff")), (Column("rd@-1"), Column("rd", -1)), (Column("ENTERPRISE"), Column("a"))],
)
def test_columns_that_a_database_takes_for_one_are_refused(one: Column, other: Column) -> None:
    with pytest.raises(SqlError, match="for one"):
        columns_read([Question(item="a", circuit=Conjunction((Said(one), Said(other))))])


def test_a_column_is_read_as_one_thing() -> None:
    both = Conjunction((Said(INDUSTRY), Within(INDUSTRY, frozenset({"C"}))))
    with pytest.raises(SqlError, match="BOOLEAN and as VARCHAR"):
        columns_read([Question(item="a", circuit=both)])


# --- arithmetic ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "type_"),
    [(92, "BIGINT"), (93, "DECIMAL(38, 0)"), (10**20, "DECIMAL(38, 0)")],
)
def test_sums_are_as_wide_as_their_proof_asks(rate: int, type_: str) -> None:
    """Of 10¹⁷ − 1 at most, once and ninety-two times fits into 64 bits less one for the sign."""
    atom = linear([(Column("rd-expense", -1), rate - 1), (Column("rd-expense", -2), 1)], 5)
    assert rate * MAX_STORED <= 2**63 - 2 or type_ != "BIGINT"
    assert isinstance(atom, Linear)
    assert {each.to.sql() for each in express_atom(atom, VOCABULARY).find_all(exp.Cast)} == {type_}


def test_what_may_need_more_than_38_digits_is_refused() -> None:
    widest = MAX_DECIMAL // MAX_STORED - 1
    linears = [
        linear([(Column("rd-expense", -1), factor), (Column("staff"), -1)], 0) for factor in (widest, widest + 2)
    ]
    fits, overflows = ([Question(item="a", circuit=each)] for each in linears)
    assert "DECIMAL(38, 0)" in text(count(fits, TABLE, VOCABULARY), Dialect.TRINO)
    with pytest.raises(SqlError, match="“rd-expense@-1”, “staff” may need more than 38 digits"):
        count(overflows, TABLE, VOCABULARY)


def test_no_literal_is_wider_than_64_bits() -> None:
    """Trino refuses longer digits; beyond, they are text that is cast."""
    asked = [Question(item="a", circuit=linear([(Column("atoms"), 1)], bound)) for bound in (10**25, -(10**40))]
    (read,) = sqlglot.parse(text(answers(asked, TABLE, VOCABULARY), Dialect.TRINO), dialect="trino")
    assert read is not None
    digits = [int(each.name) for each in read.find_all(exp.Literal) if not each.is_string]
    assert max(digits) < 2**63
    assert "10000000000000000000000000" in {each.name for each in read.find_all(exp.Literal)}


# --- bounds ----------------------------------------------------------------------------------------------------------


def test_too_deep_is_refused_in_a_sentence() -> None:
    circuit: Circuit = Said(FLAGS[0])
    for _ in range(5_000):
        circuit = Negated(circuit)
    with pytest.raises(SqlError, match="nested more than 100 deep"):
        answers([Question(item="a", circuit=circuit)], TABLE, VOCABULARY)


def test_nothing_asked_is_refused() -> None:
    with pytest.raises(SqlError):
        count([], TABLE, VOCABULARY)


def test_statements_are_bounded() -> None:
    small = [Question(item=str(i), circuit=Said(FLAGS[0])) for i in range(2 * MAX_QUESTIONS + 1)]
    assert [len(each) for each in batches(small)] == [MAX_QUESTIONS, MAX_QUESTIONS, 1]
    large = Conjunction(tuple(Said(FLAGS[0]) for _ in range(2_500)))
    wide = [Question(item=str(i), circuit=large) for i in range(3)]
    assert [len(each) for each in batches(wide)] == [1, 1, 1]
    longest = max(len(text(count(each, TABLE, VOCABULARY), Dialect.TRINO)) for each in batches(small))
    assert longest < 1_000_000  # characters that Trino takes at most


def test_a_shared_atom_is_found_out_once() -> None:
    atom = linear([(Column("staff"), 3), (Column("profit"), -7)], 0)
    asked = [Question(item=str(i), circuit=Conjunction((atom, Said(each)))) for i, each in enumerate(FLAGS)]
    written = text(count(asked, Table(parts=("e",)), VOCABULARY), Dialect.DUCKDB)
    assert written.count('CAST("staff" AS') == 1


def test_no_piece_of_a_statement_is_text() -> None:
    """Statements are trees: no module of the back-end has a word of SQL in a string, docstrings aside."""
    for path in sorted(Path(sql.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
        found = [
            each.value
            for each in ast.walk(tree)
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in docstrings
            if re.search(r"\b(SELECT|FROM|WHERE|WITH|JOIN|AND|OR|NOT|CASE|SET)\b", each.value)
        ]
        assert not found, path.name
