"""Lists of reviews: what each line of one is, and which lines make one review."""
