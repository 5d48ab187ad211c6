"""Who may act: so far, whoever holds an access token."""
