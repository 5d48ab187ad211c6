"""存证: registering evidence, and handing out what proves it."""
