"""The way of a review, in two halves. Each step is one verb, and a module or a port by that name.

    collect   for each source that is due:     fetch -> open -> read -> recognise -> tag -> match -> keep
    send      for each reader who is due:      claim -> untold -> compose -> keep the edition
              for each delivery in the outbox: claim -> deliver -> settle

Nothing is decided here: the core decides, the edges act, and this joins them. The two broad `except` of the
project stand here, one round a source and one round a delivery; each keeps a Failure for a person to see.
"""
