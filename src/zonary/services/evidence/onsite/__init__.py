"""Evidence taken on the spot, with a phone: photographs, films and recordings made under a fresh code."""
