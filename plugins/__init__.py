"""The plugins of this house; each folder is one, named as it is."""
