"""Files that a browser keeps instead of showing."""

from django.utils.http import content_disposition_header


def attachment(name: str) -> str:
    """The header that names a file to keep, in any script."""
    return content_disposition_header(as_attachment=True, filename=name)
