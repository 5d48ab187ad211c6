"""What is found wrong with a rule before anybody is decided by it."""
