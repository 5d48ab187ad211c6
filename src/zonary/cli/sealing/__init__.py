"""Sealing: walk, hash, write the manifest down, register, wait for the log, write one package."""
