"""The pages inside Airflow's UI. Begin with ``app.create_app``."""
