"""What we claim about speed, measured beside the programs we claim it against. Nothing here is a test."""
