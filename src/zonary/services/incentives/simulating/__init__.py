"""What another threshold, parameter or amount would do: who would win, who would lose, and what it would cost."""
