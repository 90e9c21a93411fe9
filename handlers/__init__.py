"""What the bot does with a message: dispatch to a flow or a command, and the words it answers with."""
