"""Rendering: templates filled in with what is shown, as mails, posts, pages and paper."""
