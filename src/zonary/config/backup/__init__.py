"""One file with a whole zone in it: made while it runs, encrypted, read back; and put back into an empty directory.

What is in it: an age file (zonary.common.age) around a tar archive of the names in
:mod:`~zonary.config.backup.contents`, the manifest first. So it opens without us, too:
``age -d -i key.txt FILE | tar x``.
"""
