"""Bounces: mails that say that a mail did not arrive."""
