"""learning-bot: new learning from child safeguarding practice reviews, by email and Slack."""

__version__ = "0.1.0"
