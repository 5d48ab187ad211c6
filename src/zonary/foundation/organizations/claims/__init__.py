"""Claims on organisations that are known only from the registry (认领): made by anybody, decided by officers."""
