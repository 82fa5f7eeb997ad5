"""Bytes of a file as text: UTF-8 with or without its mark, else GB18030, as programs here save it."""


def decoded(content: bytes) -> str | None:
    """The text of a file in UTF-8 or GB18030; None when it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return None
