"""Delivery: from a digest to a mail or to posts in Slack, and an honest word on how it ended."""
