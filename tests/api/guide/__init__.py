"""The guide for partners: its examples are run as they are shown, in every language."""
