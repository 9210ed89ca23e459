"""Pages of a corpus, each changed in every way of bot/breaking: does the bot read the same, or say it cannot?

python -m tests.mutations CORPUS_DIR [--json]
"""
