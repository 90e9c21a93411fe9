"""Every word the bot says, by language; data that travels with the program."""
