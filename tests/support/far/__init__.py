"""A practice's record far away, as a plugin: copied to a folder and loaded like anybody's."""
