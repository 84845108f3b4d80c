"""What Airflow needs of us. The only package that imports airflow."""
