"""The survival harness: the real intake and publication under kill -9, lost servers and full disks. See docs/runbook.md."""
