"""Runs the whole pipeline on one machine: Airflow's processes, the embedded PostgreSQL and a local mail sink."""
