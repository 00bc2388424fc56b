"""What every room that can be searched does alike: folded words in a column, and telling PostgreSQL the way to them."""

from ilex.index.lookup import Holds
from ilex.index.vectors import LENGTH, folded, vector
from ilex.index.ways import without

__all__ = ["LENGTH", "Holds", "folded", "vector", "without"]
