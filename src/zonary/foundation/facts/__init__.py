"""Facts about an enterprise: what, for when, since when known, by whom, on what basis; and who read them."""
