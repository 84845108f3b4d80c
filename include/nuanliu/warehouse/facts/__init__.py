"""From the rows that a checked drop keeps to the facts and bridges of the warehouse. Begin with ``inserting.insert_facts``."""
