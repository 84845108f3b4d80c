"""The use cases. DAGs, command line and board call these and nothing below them."""
