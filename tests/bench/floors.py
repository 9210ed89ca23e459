"""What each finding may be at the most. Raise one only with a reason in the commit; lower it when it was won for good.

Ratios say how many times as long as the baseline ours may take, growths the exponent, figures what the issues ask for.
A ratio stands some way above what a quiet machine finds, so that a busy one does not fail, and more so where there is
one round to judge by; the noise comes on top.
"""

from __future__ import annotations

from collections.abc import Mapping

READING = {
    "reading a listing / lxml alone": 185.0,
    "reading a listing / BeautifulSoup alone": 14.0,
    "reading a feed / lxml alone": 280.0,
    "reading a feed / feedparser alone": 4.6,
    "opening a report / pdfminer.six alone": 1.4,
    "reading a listing, by entries": 1.15,
}
THEMES = {
    "themes of a review": 0.035,
    "themes, by reviews": 1.1,
    "themes, by length": 1.1,
    "a review against 10,000 criteria": 1.2,
    "a review, by criteria": 1.15,
}
POLLING = {
    "polling what did not change": 7.0,
    "polling what did not change, CPU": 3.0,  # issue 7
    "polling what did not change, memory": 150.0,  # issue 7
    "polling what did not change, by sources": 1.1,
    "polling what changed": 1.5,  # issue 7
}
RENDERING = {
    "rendering a mail of 5 reviews": 30.0,
    "rendering a mail of 12 reviews": 30.0,
    "rendering, by reviews": 1.1,
    "a reader's message": 0.06,
}
COMPOSING = {
    "composing, SQLite": 26.0,
    "composing, PostgreSQL": 8.0,
    **{
        f"{what}, {name}{rest}": most
        for name in ("SQLite", "PostgreSQL")
        for what, rest, most in (
            ("composing", ", by readers", 1.1),  # issue 8
            ("composing", ", by criteria", 1.1),  # issue 8
            ("composing", ", by what was told before", 0.35),
            ("composing", ", time", 60.0),  # issue 8
            ("composing", ", memory", 300.0),  # issue 8
            ("a week without news", ", by readers", 1.1),
            ("a week without news", ", time", 60.0),
            ("a week without news", ", memory", 300.0),
            ("enrolling", ", by readers", 1.1),
            ("enrolling", ", memory", 300.0),
            ("matching", ", by readers", 0.3),
        )
    },
}
SENDING = {
    "sending to aiosmtpd / smtplib": 1.67,  # issue 8: 60 % of its rate
    "sending to smtp-sink / smtplib": 2.8,
    "sending to smtp-sink / smtp-source": 6.0,
    "sending, by readers": 1.1,
    "memory while sending": 200.0,
}
STARTING = {
    "learning-bot --help": 0.75,
    "learning-bot check": 3.6,
    "learning-bot status": 4.2,
    "learning-bot search neglect": 3.6,
    "learning-bot reviews show --help": 1.2,
    "seconds of learning-bot --help": 0.3,  # issue 8
    "seconds of learning-bot check": 1.0,  # issue 8
    "learning-bot check, by subscriptions": 0.6,
}
SEARCHING = {
    "slowest search, SQLite": 50.0,  # milliseconds, issue 8
    "slowest search, PostgreSQL": 50.0,
    "slowest search, SQLite, by reviews": 1.2,
    "slowest search, PostgreSQL, by reviews": 1.2,
    "searching, SQLite": 0.25,
    "searching, PostgreSQL": 0.06,
}
WORKERS = {
    "two workers that poll": 0.625,  # issue 8: 1.6 times one
    "two workers that send far": 0.625,
    "two workers that send near": 0.9,  # two processors, which they share with PostgreSQL and the receiver
}
INSTEAD = {
    "an item to many readers / rss2email": 1.0,
    "a digest to many readers / rss2email": 1.0,
    # Behind: they keep no ledger, ask no robots.txt, and read nothing.
    "a message an item / rss2email": 12.0,
    "pages that changed / urlwatch": 11.0,
    "pages that did not change / urlwatch": 11.0,
    "a message an item, without start-up": 1.1,
    "an item to many readers, without start-up": 1.1,
    "a digest to many readers, without start-up": 1.1,
    "pages that changed, without start-up": 1.1,
}
MOST: Mapping[str, float] = {
    **READING,
    **THEMES,
    **POLLING,
    **RENDERING,
    **COMPOSING,
    **SENDING,
    **STARTING,
    **SEARCHING,
    **WORKERS,
    **INSTEAD,
}

# At the sizes of `--short` what is spent once weighs more, and so does what PostgreSQL spends on the slower of two plans.
AT_SMALLER_SIZES: Mapping[str, float] = {
    "polling what did not change": 10.0,
    "polling what changed": 1.7,
    "composing, SQLite": 32.0,
    "composing, PostgreSQL": 12.0,
    "sending to smtp-sink / smtplib": 3.4,
    "sending to smtp-sink / smtp-source": 7.2,
    "searching, SQLite": 0.45,
    "searching, PostgreSQL": 0.3,
}
