"""``zonary watch``: sealing what appears in a folder or a Git repository, for as long as it runs."""
