"""What people do with a booted installation: unions, operators and readers, from outside and each with a key or login of its own."""
