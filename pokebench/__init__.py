"""pokebench: how long does an AI agent stay capable? Every score can be re-simulated."""

import sys

# `gymnasium.make("pokebench/Tallgrass-v1")` needs the games registered. Importing `pokebench.env`
# does it;
# so does this, where Gymnasium is in use already: the command line must not wait for importing it.
if "gymnasium" in sys.modules:
    from pokebench.registration import register

    register()
