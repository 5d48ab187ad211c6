"""Pages across services: so far the start page."""
