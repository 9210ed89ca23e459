"""`python -m bot` is `learning-bot`."""

from bot.cli import main

main()
