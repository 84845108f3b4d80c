"""A seeded generator of the files that unions send, and of what they do to them, with what was written in each cell."""
