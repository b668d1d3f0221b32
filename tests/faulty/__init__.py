"""Plugins that are each wrong in one way; the tests write them to disk and load them as they are."""
