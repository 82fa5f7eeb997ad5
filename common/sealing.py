"""Sealing words to a key, so that nobody without its private part reads them, nor how long they are.

HPKE (RFC 9180) in its base mode by `cryptography`. What is sealed is bound to where it belongs (`info`): moved
elsewhere it can't be opened. Each sealed value stands beside the name of its algorithm, so that another, such as a
certified 国密 one, can follow: one more line of `SUITES`.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALGORITHM = "hpke/x25519-sha256/hkdf-sha256/chacha20poly1305"
SUITES = {ALGORITHM: Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)}
# The secret that the private key comes from: 128 bits are as strong as the curve, and 20 words for a person to type.
SECRET_BYTES = 16
# How much longer a sealed value is than its padded words: the encapsulated key and the tag.
OVERHEAD = 32 + 16
END = b"\x80"  # ends the words; zeros follow


class CannotOpen(Exception):
    """A sealed value was changed, belongs elsewhere, or was sealed to another key."""


def new_secret() -> bytes:
    """The secret of a new key."""
    return secrets.token_bytes(SECRET_BYTES)


def public_key_of(secret: bytes) -> str:
    """The public key that belongs to a secret, as lower-case hex."""
    return _private_key(secret).public_key().public_bytes_raw().hex()


def seal(words: str, *, to: str, info: bytes, size: int) -> bytes:
    """Seal words to a public key (hex): always `size + 1 + OVERHEAD` bytes; ValueError for words that take more."""
    plain = words.encode()
    if len(plain) > size:
        raise ValueError(f"{len(plain)} bytes are to be sealed, {size} may be")
    return SUITES[ALGORITHM].encrypt((plain + END).ljust(size + 1, b"\0"), _public_key(to), info)


def unseal(sealed: bytes, *, secret: bytes, info: bytes, algorithm: str = ALGORITHM) -> str:
    """What was sealed to the key of `secret`. Raises CannotOpen for anything but what was sealed, with this `info`."""
    try:
        plain = SUITES[algorithm].decrypt(sealed, _private_key(secret), info)
        return plain.rstrip(b"\0").removesuffix(END).decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise CannotOpen from error


def _private_key(secret: bytes) -> X25519PrivateKey:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"kaohe/ballot-box/x25519/v1").derive(secret)
    return X25519PrivateKey.from_private_bytes(derived)


def _public_key(written: str) -> X25519PublicKey:
    return X25519PublicKey.from_public_bytes(bytes.fromhex(written))
