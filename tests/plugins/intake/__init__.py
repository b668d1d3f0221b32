"""Tests of the plugin intake; they fall away with its folder."""
