"""The command line. ``app.main`` runs a command; the other modules hold its groups of commands."""
