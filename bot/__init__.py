"""learning-bot: new learning from child safeguarding practice reviews, by email and Slack."""
