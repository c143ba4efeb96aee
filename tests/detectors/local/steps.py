"""A slow matcher that works as `re` does, by backtracking, and counts its steps.

`re` cannot say how long it took but by the clock. This one runs the tree that `re` itself parses,
so that a test can tell linear patterns from others by numbers that are the same on every machine.
"""

import importlib
import re
from collections.abc import Callable, Iterator
from typing import Any

Then = Callable[[int], int]

_PARSER: Any = importlib.import_module("re._parser")
NO = -1
_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": lambda c: re.match(r"\d", c) is not None,
    "CATEGORY_SPACE": lambda c: re.match(r"\s", c) is not None,
    "CATEGORY_WORD": lambda c: re.match(r"\w", c) is not None,
}


def tree(pattern: str) -> list[tuple[str, Any]]:
    """What `re` makes of a pattern, operations named."""
    return _named(_PARSER.parse(pattern))


def _named(ops: Any) -> list[tuple[str, Any]]:
    return [(str(op), argument) for op, argument in ops]


def _is(category: str, character: str) -> bool:
    kind = category.replace("NOT_", "")
    return _CATEGORIES[kind](character) != ("NOT_" in category)


def takes(op: str, argument: Any, character: str) -> bool:
    """Whether an operation of one character takes this one."""
    if op == "LITERAL":
        return character == chr(argument)
    if op == "NOT_LITERAL":
        return character != chr(argument)
    if op == "ANY":
        return character != "\n"
    items = _named(argument)
    negated = items[0][0] == "NEGATE"
    inside = any(
        (kind == "LITERAL" and ord(character) == value)
        or (kind == "RANGE" and value[0] <= ord(character) <= value[1])
        or (kind == "CATEGORY" and _is(str(value), character))
        for kind, value in items
    )
    return inside != negated


SINGLE = {"LITERAL", "NOT_LITERAL", "ANY", "IN"}


class Counter:
    """Finds a pattern in a text.

    Attributes:
        steps: How many characters and choices were looked at so far.
    """

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self.text = text
        self.steps = 0
        self._ops = tree(pattern.pattern)
        self._groups: dict[int, tuple[int, int]] = {}
        self._cache: dict[tuple[int, str], bool] = {}

    def spans(self) -> Iterator[tuple[int, int]]:
        """The same places as `finditer`."""
        start = 0
        while start <= len(self.text):
            self._groups.clear()
            end = self._run(self._ops, 0, start, lambda position: position)
            if end == NO:
                start += 1
            else:
                yield start, end
                start = max(end, start + 1)

    def _single(self, op: str, argument: Any, position: int) -> bool:
        self.steps += 1
        if position >= len(self.text):
            return False
        key = (id(argument), self.text[position]) if op == "IN" else (-1, "")
        if op != "IN":
            return takes(op, argument, self.text[position])
        if key not in self._cache:
            self._cache[key] = takes(op, argument, self.text[position])
        return self._cache[key]

    def _run(self, ops: list[tuple[str, Any]], index: int, position: int, then: Then) -> int:
        while index < len(ops) and ops[index][0] in SINGLE:
            if not self._single(*ops[index], position):
                return NO
            position += 1
            index += 1
        if index == len(ops):
            return then(position)
        self.steps += 1
        op, argument = ops[index]
        step: Callable[[Any, int, Then], int] = getattr(self, f"_{op.lower()}")
        return step(argument, position, lambda end: self._run(ops, index + 1, end, then))

    def _branch(self, argument: Any, position: int, then: Then) -> int:
        for branch in argument[1]:
            end = self._run(_named(branch), 0, position, then)
            if end != NO:
                return end
        return NO

    def _subpattern(self, argument: Any, position: int, then: Then) -> int:
        group, _, _, body = argument

        def close(end: int) -> int:
            if group is not None:
                self._groups[group] = (position, end)
            return then(end)

        return self._run(_named(body), 0, position, close)

    def _groupref(self, argument: Any, position: int, then: Then) -> int:
        start, end = self._groups[argument]
        self.steps += end - start
        same = self.text.startswith(self.text[start:end], position)
        return then(position + end - start) if same else NO

    def _max_repeat(self, argument: Any, position: int, then: Then) -> int:
        least, most, body = argument
        ops = _named(body)
        if len(ops) == 1 and ops[0][0] in SINGLE:
            furthest = position
            while furthest - position < most and self._single(*ops[0], furthest):
                furthest += 1
            for end in range(furthest, position + least - 1, -1):
                self.steps += 1
                found = then(end)
                if found != NO:
                    return found
            return NO
        return self._repeat(ops, least, most, position, then)

    def _repeat(
        self, ops: list[tuple[str, Any]], least: int, most: int, position: int, then: Then
    ) -> int:
        if most > 0:
            again = self._run(
                ops,
                0,
                position,
                lambda end: (
                    NO if end == position else self._repeat(ops, least - 1, most - 1, end, then)
                ),
            )
            if again != NO:
                return again
        return then(position) if least <= 0 else NO

    def _assert(self, argument: Any, position: int, then: Then) -> int:
        return then(position) if self._looks(argument, position) else NO

    def _assert_not(self, argument: Any, position: int, then: Then) -> int:
        return NO if self._looks(argument, position) else then(position)

    def _looks(self, argument: Any, position: int) -> bool:
        direction, body = argument
        start = position if direction > 0 else position - body.getwidth()[0]
        return start >= 0 and self._run(_named(body), 0, start, lambda end: end) != NO

    def _at(self, argument: Any, position: int, then: Then) -> int:
        edges = {"AT_BEGINNING_STRING": 0, "AT_END_STRING": len(self.text)}
        if str(argument) in edges:
            return then(position) if position == edges[str(argument)] else NO
        assert str(argument) == "AT_BOUNDARY"
        before = position > 0 and _is("CATEGORY_WORD", self.text[position - 1])
        after = position < len(self.text) and _is("CATEGORY_WORD", self.text[position])
        return then(position) if before != after else NO
