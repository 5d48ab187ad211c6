"""How the application is put together: settings, addresses, and the one ASGI callable in front of it all."""
