"""What `make` runs: set-up, front-end files, translations and what the tests need from the system."""
