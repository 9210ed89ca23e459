"""Makes the pictures in docs/pictures from what the demo sends: `python -m tests.tools.pictures`.

Needs Debian's chromium. They are made again when templates change.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from bot.demo import run_demo

TARGET = Path(__file__).parents[2] / "docs" / "pictures"
SHOTS = (
    ("november-manager.html", "digest.png", 600, 1100),
    ("november-lead.html", "digest-phone.png", 500, 1500),  # headless Chromium has no window below 500
    ("quiet-lead.html", "quiet-week.png", 600, 760),
    ("slack.html", "slack.png", 860, 1180),
)


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / "demo"
        run_demo(made)
        for page, picture, width, height in SHOTS:
            shoot(made / page, TARGET / picture, width, height)


def shoot(page: Path, picture: Path, width: int, height: int, *extra: str) -> None:
    """A picture of the first `height` pixels of a page."""
    with tempfile.TemporaryDirectory() as profile:
        command = [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
        ]
        command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        command += [
            f"--user-data-dir={profile}",
            "--hide-scrollbars",
            f"--window-size={width},{height}",
            *extra,
        ]
        command += [f"--screenshot={picture}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


if __name__ == "__main__":
    main()
