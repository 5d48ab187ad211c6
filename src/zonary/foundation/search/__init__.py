"""Search over everything one may see, by parts of words: Chinese has no spaces, and two characters are a word."""
