"""Models behind agents: one adapter a provider, and what tokens cost."""
