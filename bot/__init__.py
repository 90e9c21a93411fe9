"""The outside world: channels, clock, bell, settings and command line, and where the parts are joined."""
