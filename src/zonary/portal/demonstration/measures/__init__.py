"""The hundred measures of the demonstration, in eight documents of a zone that does not exist."""
