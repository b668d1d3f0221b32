"""Tests of plugins, a folder each where there are many."""
