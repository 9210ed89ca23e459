"""Slack's Block Kit: a digest as posts, in blocks of which Slack takes each."""
