"""Makes the golden files again: read what `git diff` then shows, for it is what readers will see."""

from __future__ import annotations

from tests.deliver.golden import FOLDER, kept, made


def main() -> None:
    before, now = kept(), dict(made())
    for name, text in now.items():
        if before.get(name) != text:
            (FOLDER / name).write_text(text, encoding="utf-8")
            print(f"written: {name}")
    for name in before.keys() - now.keys():
        (FOLDER / name).unlink()
        print(f"gone: {name}")


if __name__ == "__main__":
    main()
