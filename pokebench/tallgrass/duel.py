"""What battles come to on average: the engine's formulas, and forecasts made with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pokebench.tallgrass.rom import Species, WorldRom
from pokebench.tallgrass.state import Creature

PLAIN_ATTACK: Final = 1
"""Move that is used when no uses are left."""
PLAIN_SLOT: Final = 4
MEAN_ROLL: Final = 236 / 255
"""Mean of the engine's factor of chance, 217 to 255 parts of 255."""
CAUTION: Final = 1.15
"""Damage taken is forecast this much higher than its mean, damage dealt this much lower."""
MAX_TURNS: Final = 120


@dataclass(slots=True)
class Fighter:
    """A creature as far as it matters in a battle."""

    species: int
    level: int
    type: int
    hp: int
    max_hp: int
    attack: int
    defense: int
    speed: int
    moves: tuple[int, ...]
    pp: list[int]

    def copy(self) -> "Fighter":
        """Return an equal one of its own."""
        return replace(self, pp=list(self.pp))


@dataclass(frozen=True, slots=True)
class Attack:
    """A move that a fighter can use, and what it takes off the other on average."""

    slot: int
    damage: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """How a battle is expected to end."""

    is_won: bool
    turns: int
    hp_left: int
    """Hit points that the first of the party keeps."""


class Duels:
    """Forecasts battles in one world.

    Args:
        rom: the world.
    """

    def __init__(self, rom: WorldRom) -> None:
        self._rom = rom

    def fighter_of(self, creature: Creature) -> Fighter:
        """Return the fighter that a creature of the state block is."""
        return Fighter(
            creature.species, creature.level, creature.type, creature.hp, creature.max_hp,
            creature.attack, creature.defense, creature.speed,
            tuple(creature.moves), list(creature.pp),
        )  # fmt: skip

    def fighter_at(self, species: int, level: int) -> Fighter:
        """Return a creature as the engine makes it: healthy, with the last four moves it learns."""
        moves = [0, 0, 0, 0]
        learned = [move for at, move in self._rom.species[species].learnset if at <= level]
        for index, move in enumerate(learned):
            moves[index % 4] = move
        return self._rested(species, level, moves)

    def rested(self, fighter: Fighter) -> Fighter:
        """Return `fighter` after a rest."""
        return self._rested(fighter.species, fighter.level, list(fighter.moves))

    def raised(self, fighter: Fighter, level: int) -> Fighter:
        """Return `fighter` rested and grown to `level`, evolved and with what it learns."""
        species, moves = fighter.species, list(fighter.moves)
        for reached in range(fighter.level + 1, level + 1):
            for move in self._learned_at(species, reached):
                self._learn(moves, move)
            kind = self._rom.species[species]
            if kind.evolve_level and reached >= kind.evolve_level:
                species = kind.evolve_to
        return self._rested(species, level, moves)

    def damage(self, attacker: Fighter, defender: Fighter, slot: int) -> float:
        """Return the mean damage of the move in `slot`, misses counted in.

        `PLAIN_SLOT` is the plain attack of a creature without uses; it strikes every type.
        """
        move = self._rom.moves[PLAIN_ATTACK if slot == PLAIN_SLOT else attacker.moves[slot]]
        effect = self._rom.effectiveness(move.type, defender.type) if slot != PLAIN_SLOT else 10
        if not move.power or not effect:
            return 0.0
        value = (attacker.level * 2 // 5 + 2) * move.power
        value = value * attacker.attack // max(1, defender.defense) // 50 + 2
        if move.type == attacker.type:
            value += value >> 1
        return value * effect // 10 * MEAN_ROLL * min(move.accuracy, 100) / 100

    def attacks(self, attacker: Fighter, defender: Fighter) -> list[Attack]:
        """Return the moves with uses left, the most damaging first; never none."""
        usable = [
            Attack(slot, self.damage(attacker, defender, slot))
            for slot, move in enumerate(attacker.moves)
            if move and attacker.pp[slot]
        ]
        usable.sort(key=lambda attack: (-attack.damage, attack.slot))
        return usable or [Attack(PLAIN_SLOT, self.damage(attacker, defender, PLAIN_SLOT))]

    def forecast(
        self, party: Sequence[Fighter], team: Sequence[Fighter], remedies: Sequence[int] = ()
    ) -> Forecast:
        """Fight `team` with `party` in its order, on cautious means; both are left unchanged.

        Args:
            party: those able to fight.
            team: the opponents, in the order they are sent out.
            remedies: hit points that each healing item of the bag restores.
        """
        bout = _Bout(self, [fighter.copy() for fighter in party], list(remedies))
        for foe in team:
            if not bout.fight(foe.copy()):
                break
        return Forecast(bout.is_standing, bout.turns, max(0, bout.party[0].hp))

    def experience(self, species: int, level: int) -> int:
        """Return what beating a wild creature is worth."""
        return self._rom.species[species].exp * level // 6 + 1

    def team_of(self, trainer: int) -> list[Fighter]:
        """Return a tamer's creatures."""
        return [self.fighter_at(*member) for member in self._rom.trainers[trainer].team]

    def _learned_at(self, species: int, level: int) -> list[int]:
        return [move for at, move in self._rom.species[species].learnset if at == level]

    def _learn(self, moves: list[int], move: int) -> None:
        """Put a move in the first free slot, else in place of the weakest, as the engine does."""
        if move in moves:
            return
        powers = [self._rom.moves[known].power if known else -1 for known in moves]
        moves[powers.index(min(powers))] = move

    def _rested(self, species: int, level: int, moves: list[int]) -> Fighter:
        kind = self._rom.species[species]
        max_hp = kind.hp * 2 * level // 100 + level + 10
        attack, defense, speed = _battle_values(kind, level)
        pp = [self._rom.moves[move].pp if move else 0 for move in moves]
        return Fighter(
            species, level, kind.type, max_hp, max_hp, attack, defense, speed, tuple(moves), pp
        )


class _Bout:
    """One battle being forecast."""

    def __init__(self, duels: Duels, party: list[Fighter], remedies: list[int]) -> None:
        self.party = party
        self.turns = 0
        self._duels = duels
        self._remedies = remedies
        self._index = 0

    @property
    def is_standing(self) -> bool:
        return self._index < len(self.party)

    def fight(self, foe: Fighter) -> bool:
        """Fight until `foe` falls; return whether somebody of the party still stands."""
        while self.is_standing and foe.hp > 0:
            self.turns += 1
            if self.turns > MAX_TURNS:
                self._index = len(self.party)
                break
            self._take_turn(self.party[self._index], foe)
        return self.is_standing

    def _take_turn(self, fighter: Fighter, foe: Fighter) -> None:
        taken = self._duels.attacks(foe, fighter)[0].damage * CAUTION
        if fighter.hp <= taken and self._heal(fighter, taken):
            self._suffer(fighter, taken)
        elif fighter.speed > foe.speed:
            self._strike(fighter, foe)
            if foe.hp > 0:
                self._suffer(fighter, taken)
        else:
            self._suffer(fighter, taken)
            if fighter.hp > 0:
                self._strike(fighter, foe)

    def _heal(self, fighter: Fighter, taken: float) -> bool:
        """Use an item if that gains more than it costs; return whether one was used."""
        amount = best_remedy(self._remedies, fighter.max_hp - fighter.hp, taken)
        if amount is None:
            return False
        self._remedies.remove(amount)
        fighter.hp = min(fighter.max_hp, fighter.hp + amount)
        return True

    def _strike(self, fighter: Fighter, foe: Fighter) -> None:
        attack = self._duels.attacks(fighter, foe)[0]
        if attack.slot < len(fighter.pp):
            fighter.pp[attack.slot] -= 1
        foe.hp -= round(attack.damage / CAUTION)

    def _suffer(self, fighter: Fighter, taken: float) -> None:
        fighter.hp -= round(taken)
        if fighter.hp <= 0:
            self._index += 1


def best_remedy(amounts: Sequence[int], missing: int, taken: float) -> int | None:
    """Return which of the amounts to heal by, None if each is used up by the next blow.

    Args:
        amounts: hit points that the items restore.
        missing: hit points that are gone.
        taken: hit points that the next blow takes.
    """
    useful = [amount for amount in amounts if min(amount, missing) > taken]
    enough = [amount for amount in useful if amount >= missing]
    return min(enough) if enough else max(useful, default=None)


def experience_to_grow(level: int) -> int:
    """Return the experience that a creature of `level` needs for the next one."""
    return level * level // 2 + 10


def _battle_values(kind: Species, level: int) -> tuple[int, int, int]:
    values = [min(255, base * 2 * level // 100 + 5) for base in (kind.attack, kind.defense)]
    return values[0], values[1], min(255, kind.speed * 2 * level // 100 + 5)
