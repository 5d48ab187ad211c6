"""Circuits as SQL: syntax trees, never text put together, for DuckDB, Spark and Trino.

A truth value is a BOOLEAN that may be NULL: AND, OR and NOT of SQL are Kleene's. Amounts are integers, ratios were
brought to integers by the lowering, days are numbers; nothing here divides, counts bits or takes one date from another,
for each database means something else by that.
"""
