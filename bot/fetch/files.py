"""A page from a file on this machine, for `learning-bot read FILE`."""

from __future__ import annotations

from pathlib import Path

from bot.errors import SourceError
from bot.models import NotModified, Page, Validators

LARGEST = 25_000_000
CONTENT_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".txt": "text/plain",
    ".md": "text/markdown",
}


class FileFetcher:
    """Gives the bytes of one file as the page at whatever address is asked for.

    `content_type`: what to take the file for; by default what its name says, None if that says nothing.
    `largest`: in bytes.
    """

    def __init__(self, path: Path, content_type: str | None = None, largest: int = LARGEST) -> None:
        self._path = path
        self._content_type = content_type or CONTENT_TYPES.get(path.suffix.lower())
        self._largest = largest

    def fetch(self, url: str, validators: Validators | None = None) -> Page | NotModified:
        """The file as the page at `url`; validators are of no use here.

        Raises SourceError: failing if it is missing, a folder, too large or not to be read; unreadable if
        empty.
        """
        path = self._path
        if path.is_dir():
            raise _failing(f"{path} is a folder; name a file in it.")
        try:
            with path.open("rb") as file:
                body = file.read(self._largest + 1)
        except FileNotFoundError:
            raise _failing(f"There is no file {path}; check its name.") from None
        except OSError as error:
            raise _failing(f"Could not read {path}: {error.strerror or error}.") from error
        if len(body) > self._largest:
            raise _failing(f"{path} is larger than {self._largest / 1_000_000:g} MB, the most that is read.")
        if not body.strip():
            raise SourceError(
                f"{path} is empty, so there is nothing to read.", trouble="unreadable", again=False
            )
        return Page(url=url, body=body, content_type=self._content_type)


def _failing(text: str) -> SourceError:
    return SourceError(text, trouble="failing", again=False)
