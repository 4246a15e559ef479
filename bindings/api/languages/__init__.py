"""What each binding's declarations look like: a module for each. See update.py."""
