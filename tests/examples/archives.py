"""Files within zip files, made for tests."""

import io
import zipfile


def packed(name: str, content: bytes) -> bytes:
    """Return a zip file that holds one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()
