"""Tables, migrations, partitions, reference data, locks and COPY. Begin with ``tables``."""
