"""The process that opens an address: a browser, and the guarding proxy that is the only thing it can talk to.

It is started for one capture with an order on its standard input, tells each step on its standard output as a line of
JSON, leaves files in a folder, and ends. It has no database, no key and no secret of the server.
"""
