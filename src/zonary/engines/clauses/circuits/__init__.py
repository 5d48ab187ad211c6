"""Rules brought down to few kinds of atoms over columns of integers, joined by gates: what sets and SQL are made from.

The interpreter says what a rule means; here is the same meaning in a shape that a machine asks of a million at once.
"""
