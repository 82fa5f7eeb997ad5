"""What is sealed is of one length, opened by its key only, where it belongs, and any change of it is noticed."""

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st

from common.sealing import ALGORITHM, OVERHEAD, CannotOpen, _private_key, new_secret, public_key_of, seal, unseal

SECRET, INFO, SIZE = bytes(range(16)), b"cycle 1 draw 2 ballot 3", 400
PUBLIC = public_key_of(SECRET)
SEALED = seal("88.5", to=PUBLIC, info=INFO, size=SIZE)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=100)


# ---- RFC 9180 from its text, to compare with: base mode, X25519, HKDF-SHA256, ChaCha20Poly1305 ----


def _extract(salt: bytes, ikm: bytes) -> bytes:
    mac = hmac.HMAC(salt or bytes(32), hashes.SHA256())
    mac.update(ikm)
    return mac.finalize()


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    out, block = b"", b""
    for number in range(1, -(-length // 32) + 1):
        mac = hmac.HMAC(key, hashes.SHA256())
        mac.update(block + info + bytes([number]))
        block = mac.finalize()
        out += block
    return out[:length]


def _labelled_extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return _extract(salt, b"HPKE-v1" + suite + label + ikm)


def _labelled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    return _expand(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, length)


def open_by_the_rfc(sealed: bytes, private: X25519PrivateKey, info: bytes, aad: bytes = b"") -> bytes:
    enc, text = sealed[:32], sealed[32:]
    kem, suite = b"KEM" + bytes([0, 0x20]), b"HPKE" + bytes([0, 0x20, 0, 1, 0, 3])
    context = enc + private.public_key().public_bytes_raw()
    prk = _labelled_extract(kem, b"", b"eae_prk", private.exchange(X25519PublicKey.from_public_bytes(enc)))
    shared = _labelled_expand(kem, prk, b"shared_secret", context, 32)
    hashed = b"\0" + _labelled_extract(suite, b"", b"psk_id_hash", b"")
    hashed += _labelled_extract(suite, b"", b"info_hash", info)
    secret = _labelled_extract(suite, shared, b"secret", b"")
    key = _labelled_expand(suite, secret, b"key", hashed, 32)
    nonce = _labelled_expand(suite, secret, b"base_nonce", hashed, 12)
    return ChaCha20Poly1305(key).decrypt(nonce, text, aad)


def test_the_comparison_opens_the_vector_of_the_rfc() -> None:
    """Appendix A.2.1, sequence number 0."""
    private = X25519PrivateKey.from_private_bytes(
        bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
    )
    enc = bytes.fromhex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
    text = bytes.fromhex("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28")
    info, aad = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"), bytes.fromhex("436f756e742d30")
    assert open_by_the_rfc(enc + text, private, info, aad) == b"Beauty is truth, truth beauty"


def test_what_we_seal_is_what_the_rfc_says() -> None:
    assert open_by_the_rfc(SEALED, _private_key(SECRET), INFO) == b"88.5\x80" + bytes(SIZE - 4)


@given(words)
def test_it_is_of_one_length_whatever_it_says_and_comes_back(text: str) -> None:
    sealed = seal(text, to=PUBLIC, info=INFO, size=SIZE)
    assert len(sealed) == SIZE + 1 + OVERHEAD
    assert unseal(sealed, secret=SECRET, info=INFO) == text


def test_what_does_not_fit_is_not_cut_off() -> None:
    with pytest.raises(ValueError, match="402 bytes"):
        seal("科" * 134, to=PUBLIC, info=INFO, size=SIZE)
    assert unseal(seal("a" * SIZE, to=PUBLIC, info=INFO, size=SIZE), secret=SECRET, info=INFO) == "a" * SIZE


@given(st.integers(0, len(SEALED) * 8 - 1))
def test_one_bit_that_is_changed_is_noticed(place: int) -> None:
    changed = bytearray(SEALED)
    changed[place // 8] ^= 1 << place % 8
    with pytest.raises(CannotOpen):
        unseal(bytes(changed), secret=SECRET, info=INFO)


@pytest.mark.parametrize("length", [0, 1, 32, 47, len(SEALED) - 1])
def test_a_torn_value_is_noticed(length: int) -> None:
    with pytest.raises(CannotOpen):
        unseal(SEALED[:length], secret=SECRET, info=INFO)


def test_it_opens_where_it_belongs_only() -> None:
    with pytest.raises(CannotOpen):
        unseal(SEALED, secret=SECRET, info=b"cycle 1 draw 2 ballot 4")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(CannotOpen):
        unseal(SEALED, secret=new_secret(), info=INFO)


def test_an_algorithm_that_is_not_known_opens_nothing() -> None:
    with pytest.raises(CannotOpen):
        unseal(SEALED, secret=SECRET, info=INFO, algorithm="sm2")
    assert unseal(SEALED, secret=SECRET, info=INFO, algorithm=ALGORITHM) == "88.5"


def test_the_same_words_are_never_sealed_alike() -> None:
    assert len({seal("88", to=PUBLIC, info=INFO, size=SIZE) for _ in range(20)}) == 20


def test_keys_are_new_each_time() -> None:
    assert len({public_key_of(new_secret()) for _ in range(20)}) == 20
