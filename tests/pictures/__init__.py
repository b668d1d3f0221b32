"""Pictures of each page, on a desk and on a phone, in both themes, for a person's eye."""
