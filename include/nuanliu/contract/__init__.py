"""What include/contracts and include/reference say, read once per process. Begin with ``input_contract.input_contract``."""
