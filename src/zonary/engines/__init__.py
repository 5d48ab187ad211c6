"""Pure calculation: numbers, dates and rules in, results out. No tables, no sockets, no clock of its own."""
