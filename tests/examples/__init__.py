"""Tests of what authors start from: the tutorial and the examples."""
