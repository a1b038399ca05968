"""Items of an XML feed: expat with every door closed that XML has, and bounds on what is left."""

from collections.abc import Collection, Iterator, Mapping
from xml.parsers import expat

DEPTH_MAX = 40
ITEMS_MAX = 250_000
PART = 64 * 2**10
FIELDS_MAX = 300
TEXT_MAX = 64 * 2**10
NO_ITEMS = "it is XML without a single {names}: say by `path` what its items are called"


def records_of_xml(content: bytes, names: Collection[str]) -> Iterator[Mapping[str, object]]:
    """Every element of these names with the texts in it, one by one. Raises ValueError with a sentence."""
    collector = _Collector(names)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.text
    parser.EntityDeclHandler = _refuse_entity
    parser.ExternalEntityRefHandler = lambda *_: 0
    for start in range(0, len(content) + 1, PART):
        part = content[start : start + PART]
        try:
            parser.Parse(part, len(part) < PART)
        except expat.ExpatError as wrong:
            raise ValueError(f"it is no well-formed XML: {wrong}") from wrong
        except (LookupError, UnicodeError) as unknown:
            raise ValueError(f"it claims an encoding that is not known: {unknown}") from unknown
        yield from collector.taken()
    if not collector.count:
        raise ValueError(NO_ITEMS.format(names=" or ".join(sorted(names))))


def _refuse_entity(name: str, *_: object) -> None:
    raise ValueError(f"it declares an entity ({name[:40]}), which no feed needs")


class _Collector:
    """Follows the elements down; inside an item, texts are kept by their path: `g:price`, `image/url`."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self.count = 0
        self._records: list[Mapping[str, object]] = []
        self._depth = 0
        self._item: dict[str, object] | None = None
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0

    def taken(self) -> list[Mapping[str, object]]:
        """The items that ended since the last call."""
        taken, self._records = self._records, []
        return taken

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise ValueError(f"its elements are nested more than {DEPTH_MAX} deep")
        if self._item is None:
            if name in self._names:
                self.count += 1
                if self.count > ITEMS_MAX:
                    raise ValueError(f"it has more than {ITEMS_MAX} items")
                self._item, self._path = {}, []
                self._put_attributes(attributes)
            return
        self._path.append(name)
        self._text, self._length = [], 0
        self._put_attributes(attributes)

    def end(self, _: str) -> None:
        """An element ends."""
        self._depth -= 1
        if self._item is None:
            return
        if not self._path:
            self._records.append(self._item)
            self._item = None
            return
        text = "".join(self._text).strip()
        if text:
            self._put("/".join(self._path), text)
        self._text, self._length = [], 0
        self._path.pop()

    def text(self, part: str) -> None:
        """Characters of the innermost element; no more of them than a field has."""
        if self._item is not None and self._length < TEXT_MAX:
            self._length += len(part)
            self._text.append(part[:TEXT_MAX])

    def _put_attributes(self, attributes: Mapping[str, str]) -> None:
        for name, value in attributes.items():
            self._put("/".join(self._path) + f"@{name}", value[:TEXT_MAX])

    def _put(self, name: str, value: str) -> None:
        item = self._item
        assert item is not None  # noqa: S101 - called inside an item alone
        held = item.get(name)
        if held is None:
            if len(item) < FIELDS_MAX:
                item[name] = value
        elif isinstance(held, list):
            if len(held) < FIELDS_MAX:
                held.append(value)
        else:
            item[name] = [held, value]
