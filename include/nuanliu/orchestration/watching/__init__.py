"""What the watcher of the bucket keeps in mind between two looks. Begin with ``announcements``."""
