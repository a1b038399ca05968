"""Translations: a block's texts by locale, each a template, chosen by the customer's locale at the open."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from babel import Locale, UnknownLocaleError

from app.domain.attributes import near
from app.domain.catalogs.selectors import ITEM_ROOTS
from app.domain.checks import Check
from app.domain.context import path_problem
from app.domain.links import compile_link
from app.domain.paths import escaped, reader
from app.domain.problems import Invalid, Problem
from app.domain.templates import SOURCE_MAX, Template, compile_template

TEXTS_FIELDS = ("texts", "default_locale")
LOCALES_MAX = 50
TEXTS_MAX = 500  # of all locales together

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\Z")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")
_SPECIAL = ("size", "first", "last")  # Liquid reads these off objects itself
_read_locale = reader("customer.locale")

ByLocale = Mapping[str, Mapping[str, Template]]


@dataclass(frozen=True, slots=True)
class Translated(Template):
    """A template that names texts; the customer's are rendered first, with the same values."""

    texts: ByLocale = field(default_factory=dict)
    """What is named, by lower-case locale; whole in every one."""
    default: str = ""

    def render(self, context: Mapping[str, object]) -> str:
        """The text, at most 4,000 characters. Raises BadTemplate and nothing else."""
        told = self.texts[_nearest(_read_locale(context), self.texts) or self.default]
        texts = {name: text.render(context) for name, text in told.items()}
        # A text is a value here: what it says is not read as a template again.
        return Template.render(self, {**context, "texts": texts})


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a block by lower-case locale; every locale has all that the default one has."""

    by_locale: ByLocale = field(default_factory=dict)
    default: str = ""

    def template(self, source: str, *, pointer: str = "") -> Template:
        """A template that may name texts. Raises Invalid."""
        return self._put_into(compile_template(source, pointer=pointer), pointer)

    def link(self, source: str, *, pointer: str = "") -> Template:
        """A link whose values may be texts. Raises Invalid."""
        return self._put_into(compile_link(source, pointer=pointer), pointer)

    def _put_into(self, template: Template, pointer: str) -> Template:
        named = {path for path in template.paths if path.partition(".")[0] == "texts"}
        if not named:
            return template
        names = sorted({self._name(path, pointer) for path in named})
        texts = {locale: {name: held[name] for name in names} for locale, held in self.by_locale.items()}
        read = (one.paths for held in texts.values() for one in held.values())
        return Translated(
            template.source,
            (template.paths - named).union({"customer.locale"}, *read),
            template._bound,  # noqa: SLF001 - a Translated is a Template
            template._plain,  # noqa: SLF001
            texts,
            self.default,
        )

    def _name(self, path: str, pointer: str) -> str:
        steps = path.split(".")
        if not self.by_locale:
            raise Invalid.at(pointer, 'the block has no texts: add "texts" and "default_locale" to it')
        if len(steps) == 1:
            raise Invalid.at(pointer, "a text is named in full, such as texts.headline")
        known = self.by_locale[self.default]
        if steps[1] not in known:
            hint = near(steps[1], list(known)) or f"; known are {', '.join(known)}"
            raise Invalid.at(pointer, f"there is no text {steps[1][:64]!r}" + hint)
        return steps[1]


def read_texts(check: Check, fields: Mapping[str, object]) -> Texts:
    """Check a block's `texts` and `default_locale`; empty where it has none."""
    told = fields.get("texts")
    default = fields.get("default_locale")
    if told is None:
        if default is not None:
            check.fault("/default_locale", "there are no texts it could be the default of; leave it out")
        return Texts()
    if not isinstance(told, Mapping) or not 0 < len(told) <= LOCALES_MAX:
        check.fault(
            "/texts", f'texts are 1 to {LOCALES_MAX} locales, such as {{"en": {{"headline": "Hello"}}}}'
        )
        return Texts()
    listed = {str(locale): _listed(check, str(locale), texts) for locale, texts in told.items()}
    if sum(map(len, listed.values())) > TEXTS_MAX:
        check.fault("/texts", f"a block has at most {TEXTS_MAX} texts in all its locales")
        return Texts()
    if not isinstance(default, str) or default not in listed:
        check.fault("/default_locale", f"default_locale is one of the texts' locales: {', '.join(listed)}")
        return Texts()
    made = {
        locale.lower(): {name: _compiled(check, locale, name, text) for name, text in texts.items()}
        for locale, texts in listed.items()
    }
    whole = {locale: _whole(made, locale, default.lower()) for locale in made}
    _compare(check, listed, whole, default)
    return Texts(whole, default.lower())


def _listed(check: Check, locale: str, told: object) -> Mapping[str, str]:
    at = f"/texts/{escaped(locale)}"
    if not _LOCALE.match(locale) or not _is_known(locale):
        check.fault(at, "this is no locale; write it as en, fr-CA or zh-Hant-TW")
        return {}
    if not isinstance(told, Mapping):
        check.fault(at, 'the texts of a locale are an object, such as {"headline": "Hello"}')
        return {}
    good = {}
    for name, text in told.items():
        if not _NAME.match(str(name)) or name in _SPECIAL:
            check.fault(
                f"{at}/{escaped(str(name))}",
                f"a name begins with a letter, then letters, digits or _; none of {', '.join(_SPECIAL)}",
            )
        elif not isinstance(text, str) or len(text) > SOURCE_MAX:
            check.fault(f"{at}/{name}", f"a text has at most {SOURCE_MAX} characters")
        else:
            good[str(name)] = text
    return good


def _is_known(locale: str) -> bool:
    try:
        Locale.parse(locale, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _compiled(check: Check, locale: str, name: str, text: str) -> Template:
    at = f"/texts/{locale}/{name}"
    template = check.tried(compile_template, text, pointer=at) or Template(text, frozenset())
    problems = [problem for path in sorted(template.paths) if (problem := _path_problem(path, at))]
    for problem in problems:
        check.add(problem)
    # What is wrong here is not to be told again at every place that names the text.
    return Template(text, frozenset()) if problems else template


def _path_problem(path: str, at: str) -> Problem | None:
    root = path.partition(".")[0]
    if root == "texts":
        return Problem(at, "a text cannot name another text")
    # Whether there is an item shows where the text is named.
    return None if root in ITEM_ROOTS else path_problem(path, at)


def _whole(made: ByLocale, locale: str, default: str) -> Mapping[str, Template]:
    """A locale's texts, with those of the locales above it, and of the default one, where it has none."""
    held = dict(made[default])
    steps = locale.split("-")
    for count in range(1, len(steps) + 1):
        held.update(made.get("-".join(steps[:count]), {}))
    return held


def _compare(check: Check, listed: Mapping[str, Mapping[str, str]], whole: ByLocale, default: str) -> None:
    wanted = listed[default]
    for locale, texts in listed.items():
        for name in texts.keys() - wanted.keys():
            hint = near(name, list(wanted))
            check.fault(f"/texts/{locale}/{name}", f"{default}, the default, has no such text{hint}")
        above = _nearest(locale.rpartition("-")[0], whole)
        if above is None:
            for name in wanted.keys() - texts.keys():
                check.fault(f"/texts/{locale}/{name}", f"is needed: {default}, the default, has it")


def _nearest(told: object, locales: ByLocale) -> str | None:
    """The locale itself, or the next one above it that there is: fr-CA, fr."""
    locale = told.replace("_", "-").lower() if isinstance(told, str) else ""
    while locale and locale not in locales:
        locale = locale.rpartition("-")[0]
    return locale or None
