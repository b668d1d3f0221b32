"""The operator's side: providers, what they hold, and the plugins that are loaded."""
