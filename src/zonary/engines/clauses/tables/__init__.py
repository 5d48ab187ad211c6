"""Scores, bands and amounts: decision tables whose bounds say 含 or 不含, and what is summed and capped of them."""
