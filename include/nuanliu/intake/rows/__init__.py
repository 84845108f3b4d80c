"""A recognised table in; rows, figures and findings out, each with its cell. Begin with ``labels``, then ``figures``."""
