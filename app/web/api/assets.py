"""/v1/assets: the pictures and fonts that creatives name as `asset:<name>`."""

from typing import Annotated, Any

from flask_openapi import FileStorage
from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.domain.problems import Invalid, Problem
from app.domain.scopes import Scope
from app.flows import uploading
from app.web.api.fields import Answer
from app.web.bodies import MULTIPART
from app.web.routing import Call, Noun

asset_routes = Noun("assets", "Uploaded pictures and fonts, named in creatives as asset:<name>.")

FORM_MAX = uploading.UPLOAD_BYTES + 64 * 2**10


class AssetForm(BaseModel):
    """A picture or a font, and the name it gets."""

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    name: Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9._-]+$")]
    file: FileStorage = Field(description="PNG, JPEG, GIF, WebP, TTF, OTF, WOFF or WOFF2, 10 MB at most")

    @field_validator("file", mode="after")
    @classmethod
    def _is_file(cls, value: object) -> object:
        # A form's field of that name without a file name arrives here as a text.
        if isinstance(value, str):
            raise ValueError("must be a file, not a text")
        return value


class AssetAnswer(Answer):
    """The file is kept and out."""

    name: str
    reference: Annotated[str, Field(description="how creatives name it")]
    sha256: str
    mimetype: str
    width: Annotated[int, Field(description="pixels; 0 of a font")]
    height: int
    bytes: int
    changes: Annotated[
        list[str], Field(description="what was done to make it a plain picture or font; often nothing")
    ]


@asset_routes.route(
    "POST", "/v1/assets", Scope.AUTHOR, answers={200: AssetAnswer}, accepts=(MULTIPART,), max_bytes=FORM_MAX
)
def upload_asset(call: Call, form: AssetForm) -> dict[str, Any]:
    """Upload a picture or a font

    One of the same name is replaced, also in what was sent. It is kept upright, in sRGB, without metadata, at
    most 2,000 pixels a side and 2 MB; a moving one is made lighter where it is over IMAGE_MAX_BYTES. A file
    that needs none of that is kept byte for byte. A font is rebuilt from what drawing needs of it.
    """
    content = form.file.stream.read(uploading.UPLOAD_BYTES + 1)
    if not content:
        raise Invalid(problems=[Problem("/file", "is empty")])
    house = call.house
    kept = uploading.upload(
        house.cold,
        house.hot,
        form.name,
        content,
        now=call.now,
        moving_bytes=house.settings.image_max_bytes,
    )
    asset = kept.asset
    return {
        "name": asset.name,
        "reference": f"asset:{asset.name}",
        "sha256": asset.sha256,
        "mimetype": asset.mimetype,
        "width": asset.width,
        "height": asset.height,
        "bytes": len(asset.content),
        "changes": list(kept.changes),
    }
