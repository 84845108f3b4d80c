"""A second, independent reading of docs/contract.md: what any history of drops leads to."""
