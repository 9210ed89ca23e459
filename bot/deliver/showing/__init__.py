"""Showing: from a digest to what its reader is shown of it, whatever the medium."""
