from fastapi_spamshield.evaluation.marking import MOST_REASONS, SHOWN, pieces, reasons
from fastapi_spamshield.models import Signal


def signal(
    name: str, weight: float = 1.0, span: tuple[int, int] | None = None, **more: str
) -> Signal:
    return Signal(name=name, weight=weight, span=span, **more)


def test_pieces_join_to_the_text_and_overlap() -> None:
    found = pieces(
        "buy a casino",
        [
            signal("offer", span=(0, 6)),
            signal("trigger_phrase", span=(4, 12)),
            signal("elsewhere", span=(0, 2), field="author"),
            signal("everywhere"),
        ],
    )
    assert [(piece.text, piece.signals) for piece in found] == [
        ("buy ", "offer"),
        ("a ", "offer, trigger phrase"),
        ("casino", "trigger phrase"),
    ]
    assert pieces("", []) == []


def test_a_long_text_is_cut_and_control_characters_are_shown() -> None:
    found = pieces("\x00a\tb\n" + "x" * 5_000, [signal("far", span=(4_000, 4_010))])
    assert "".join(piece.text for piece in found) == "\N{REPLACEMENT CHARACTER}a\tb\n" + "x" * (
        SHOWN - 5
    )
    assert not any(piece.signals for piece in found)


def test_reasons_of_one_kind_are_one() -> None:
    found = reasons([signal("a_b", 0.5), signal("a_b", 1.0), signal("c", -2.0), signal("d", 0.01)])
    assert [(one.name, one.weight, one.times) for one in found] == [("c", -2.0, 1), ("a b", 1.5, 2)]
    assert len(reasons([signal(f"s{n}") for n in range(20)])) == MOST_REASONS
