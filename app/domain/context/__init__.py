"""The open context: what rules and templates may read, and which stored fields that needs.

needs         which fields and facts a block's paths read: nothing else is loaded or computed
building      the context of one open
engagement    what people did with a touch and a block before
"""

from app.domain.context.building import Surroundings, build
from app.domain.context.needs import Needs, is_personal, needs_of, path_problem

__all__ = ["Needs", "Surroundings", "build", "is_personal", "needs_of", "path_problem"]
