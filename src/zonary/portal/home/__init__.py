"""The first page of somebody who is signed in: what waits for them first, each role its own."""
