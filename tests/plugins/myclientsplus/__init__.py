"""Tests of the plugin myclientsplus; they fall away with its folder."""
