"""Deadlines that are kept: each with the calendar it was computed by, computed anew when that changes."""
