"""Bots that play one small conversation: ours and those of two libraries, each a process of its own.

`service` is the Bot API they all talk to, and the people in it. What is imported by the bot of a library is of the
standard library alone: it runs where the project is not installed.
"""
