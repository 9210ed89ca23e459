"""Small programs for developers; none is part of the product."""
