"""What people read: receipts, summaries, editions."""
