"""How the application is put together: settings, addresses, and the one callable in front of it all."""
