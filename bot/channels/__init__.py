"""Channels: small rooms that know one messenger each, and no conversation. They do not know one another."""
