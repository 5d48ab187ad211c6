"""A registry of enterprises as somebody else keeps it, read in from a file: rows checked, listed, and compared."""
