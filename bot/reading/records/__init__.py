"""One review's lines into its record: title, parts, points, and what the page says around them."""
