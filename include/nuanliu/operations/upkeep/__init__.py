"""Install, template, policies, warm-up, watch. Begin with ``initialising``."""
