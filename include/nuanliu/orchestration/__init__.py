"""What Airflow needs of us. Beside it only the board's login imports airflow."""
