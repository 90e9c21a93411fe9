"""The command line: `main.py` declares the commands, each other file is one of them."""
