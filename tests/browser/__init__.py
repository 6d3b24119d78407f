"""The portal in a real Chromium, before a real server."""
