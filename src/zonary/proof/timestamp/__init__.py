"""RFC 3161 and RFC 5816 timestamps: requests, tokens, their verification, and an authority that issues them.

Nothing is imported here, so that a program pays only for the part it uses:

- :mod:`~zonary.proof.timestamp.request`: ``TimestampRequest``, what a client asks.
- :mod:`~zonary.proof.timestamp.token`: ``TimestampToken``, what an authority answers, read but not believed.
- :mod:`~zonary.proof.timestamp.verify`: ``verify_token``, the one way to believe a token.
- :mod:`~zonary.proof.timestamp.authority`: ``Authority``, which answers requests.
- :mod:`~zonary.proof.timestamp.development`: keys and certificates for an authority nobody should rely on.
"""
