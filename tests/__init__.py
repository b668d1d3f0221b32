"""The tests of Vestibule; README.md says how they are laid out and run."""
