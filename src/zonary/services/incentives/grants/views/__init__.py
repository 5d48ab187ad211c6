"""The pages: for officers, for enterprises, and the public notice."""
