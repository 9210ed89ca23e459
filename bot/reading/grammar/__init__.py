"""The grammar of the field: labels, dates, places, titles, kinds of review, status, kinds of prose."""
