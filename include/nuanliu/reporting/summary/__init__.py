"""The weekly summary in all its forms. Begin with ``contents``: what it says, in which order; ``building`` makes it."""
