"""The whole pipeline on one machine: Airflow's processes, the embedded PostgreSQL, a mail sink. Begin with ``stack``."""
