"""Where what is sealed comes from: what the person states, and what this program reports of its machine."""
