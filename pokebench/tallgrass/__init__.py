"""Tallgrass, the game that ships with pokebench: worlds from seeds, and the proof of them."""
