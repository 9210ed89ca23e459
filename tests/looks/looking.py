"""Pages in, what was found out about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.looks import node
from tests.looks.checks import SCHEMES, Found
from tests.looks.pages import Page


def look_at(pages: Sequence[Page], folder: Path) -> Mapping[str, Found]:
    """Each page in the browser, at each of its widths and in both schemes, and its markup. Prints go to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    told = [asdict(page) for page in pages]
    seen = node.run("look.mjs", {"pages": told, "schemes": SCHEMES, "folder": str(folder)})
    read = node.run("markup.mjs", {"pages": told})
    return {
        page.name: Found(
            page=page,
            looks=seen[page.name]["looks"],
            fetched=seen[page.name]["fetched"],
            spoken=seen[page.name]["spoken"],
            pdf=Path(seen[page.name]["pdf"]),
            faults=read[page.name]["faults"],
            unsupported=read[page.name]["unsupported"],
        )
        for page in pages
    }
