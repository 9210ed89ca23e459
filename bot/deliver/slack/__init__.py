"""Slack: posts handed over by a bot token or by webhooks, and what stands in a channel already."""
