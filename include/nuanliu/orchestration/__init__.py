"""What Airflow needs of us; beside it only the board's login imports airflow. Begin with ``drops``."""
