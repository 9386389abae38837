"""Nearer: one gentle question a day, and a weekly reflection of what came back."""
