"""Rules as the sentences they already are: read, explained, asked of one enterprise or of a million."""
