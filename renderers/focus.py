"""The point of an uploaded picture that stays in sight where its edges are cut."""

from renderers.params import Params, whole


class FocusParams(Params):
    """In hundredths of the picture's width and height."""

    x: whole(0, 100) = 50  # type: ignore[valid-type]
    y: whole(0, 100) = 50  # type: ignore[valid-type]

    @property
    def shares(self) -> tuple[float, float]:
        return self.x / 100, self.y / 100
