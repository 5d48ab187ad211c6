"""Documents: content-addressed, versioned, shared by grant, and on the server as ciphertext where the holder wants."""
