"""The contract between core, its rooms and plugins: hooks, types and errors."""
