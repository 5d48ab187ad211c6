"""What we claim about speed, measured beside the tools we claim it against: ``make bench``."""
