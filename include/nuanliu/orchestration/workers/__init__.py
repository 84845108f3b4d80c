"""What the processes that fork for tasks import first: ``celery_parent`` in a Celery worker, ``preload`` in the scheduler."""
