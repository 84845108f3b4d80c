"""The activities of a week that leaders are told of: facts in, entries of the document out. Begin with ``choosing.choose``."""
