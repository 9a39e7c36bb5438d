"""How real a world reads, measured.

- `prose`: repetition in a body of texts; `texts`: every text of a world, plot or not; `figures`: `realism(scenario)`.
"""

from corpenv.realism.figures import Ordinary, Plot, Realism, Shared, realism
from corpenv.realism.prose import Prose, prose

__all__ = ["Ordinary", "Plot", "Prose", "Realism", "Shared", "prose", "realism"]
