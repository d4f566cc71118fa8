"""Pictures of runs, made by re-simulating them."""
