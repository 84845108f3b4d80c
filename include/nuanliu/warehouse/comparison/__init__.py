"""A week's figures beside another week's: who of the senders changed them by how much. Begin with ``bridge.build_bridge``."""
