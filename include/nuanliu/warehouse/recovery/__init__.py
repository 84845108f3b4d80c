"""Tables of a replay, snapshots and differences. Begin with ``replay_tables``."""
