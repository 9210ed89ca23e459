"""Fetching: pages over HTTP, politely and within limits, and pages from files."""
