"""The use cases, which DAGs, command line and board call; command line and board print what the rooms below hand them."""
