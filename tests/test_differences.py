"""What differs between two texts, shown where it is."""

from rft_core.differences import around_difference

WORDS = " ".join(f"word{number}" for number in range(100))


def test_a_short_text_is_shown_whole() -> None:
    assert around_difference("short", "shorter", 300) == "short"


def test_a_long_one_is_shown_where_it_is_not_as_the_other() -> None:
    other = WORDS.replace("word60", "other")
    one, two = around_difference(WORDS, other, 100), around_difference(other, WORDS, 100)
    assert "word60" in one
    assert "other" in two
    assert one != two
    assert one[0] == one[-1] == "…"
    assert max(map(len, (one, two))) <= 100


def test_what_was_added_at_the_end_is_shown_with_the_end() -> None:
    longer = f"{WORDS} and so on"
    assert around_difference(longer, WORDS, 100).endswith("word99 and so on")
    assert around_difference(WORDS, longer, 100).endswith("word99")


def test_a_difference_near_the_beginning_is_shown_from_there() -> None:
    assert around_difference(WORDS, f"x{WORDS}", 100) == f"{WORDS[:99]}…"
    assert around_difference(WORDS, "", 100) == f"{WORDS[:99]}…"
