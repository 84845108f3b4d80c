"""Who may log in on a server: what Airflow's FAB auth manager needs of us. ``settings`` goes in, ``adding`` makes an account."""
