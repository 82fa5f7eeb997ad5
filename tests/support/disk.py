"""A disk that takes no large file: the kernel breaks off every write beyond a size, in the middle of the file."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

# Larger than the database of the tests, smaller than the largest upload.
ROOM = 16 * 1024 * 1024


@contextmanager
def full_disk() -> Iterator[None]:
    """Within the block no file grows beyond `ROOM`; the write that tries raises OSError."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
