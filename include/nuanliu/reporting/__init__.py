"""What people read: summary, receipts, mails, workbooks. Begin with ``labels``: codes become Chinese words."""
