"""What a rule means: asked of one enterprise, clause by clause, with what was read and what is missing.

Every other way to ask (bit-sets, SQL) is right when it says the same as this one. See docs/adr/0034.
"""
