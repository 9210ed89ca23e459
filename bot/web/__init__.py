"""The web: unsubscribing, searching the archive, and how the service is doing."""
