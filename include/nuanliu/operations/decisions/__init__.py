"""What a person decides: waivers, tolerances, aliases, doubtful mails. Begin with ``waivers``."""
