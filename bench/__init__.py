"""Ratios against the floor: what a page of this stack costs at least, measured in the same run."""
