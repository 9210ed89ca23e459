"""Logos as files, made by a library of their own: what the bot reads of them is compared with what it made."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def picture(kind: str = "PNG", width: int = 320, height: int = 80, **how: object) -> bytes:
    """A picture of this kind and size. `how`: as Pillow's writer of that kind takes it."""
    made = BytesIO()
    Image.new("RGB", (width, height), "#12578f").save(made, kind, **how)
    return made.getvalue()
