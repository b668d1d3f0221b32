"""The pages of getting in and of one's own settings."""
