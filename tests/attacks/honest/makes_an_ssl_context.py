# Does: make a TLS context at import.
import ssl

CONTEXT = ssl.create_default_context()
