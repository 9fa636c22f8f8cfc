"""The engine's notes on a reading, which are codes, as sentences for people."""

import re

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()

SENTENCES = {
    "nothing_to_read": gettext_lazy("Nothing is written here."),
    "illegible": gettext_lazy("It is too unclear to be read."),
    "words_awaited": gettext_lazy("It is decided once the amount in words has been read, too."),
    "words_not_read": gettext_lazy("The amount in words could not be held against it."),
    "chosen_by_words": gettext_lazy("The amount in words chose among what the figures may mean."),
    "no_amount_box_found": gettext_lazy("The box of the amount was not found."),
    "amount_without_a_box": gettext_lazy(
        "It has no box; it was found by the sign of the currency before it."
    ),
    "no_account_number_found": gettext_lazy("No account number was found in the image."),
    "another_number_of_figures_than_marks": gettext_lazy(
        "There are more or fewer marks than figures were read."
    ),
    "a_rule_runs_through_a_figure": gettext_lazy(
        "A printed line runs through a figure, or hides one."
    ),
    "ink_past_its_ends": gettext_lazy("More is written before or after what was read."),
    "no_date_boxes_found": gettext_lazy(
        "No date was found in the image, neither in boxes nor on a line."
    ),
    "month_in_letters": gettext_lazy("The month is written in letters."),
    "month_not_as_it_is_spelt": gettext_lazy("The name of the month is not as it is spelt."),
    "strokes_read_as_1": gettext_lazy("The strokes between its parts look like ones."),
    "another_order_than_usual": gettext_lazy(
        "Day and month stand in another order than is usual on such forms."
    ),
    "not_where_it_usually_stands": gettext_lazy("It stands in another place than usual."),
    "no_micr_line_found": gettext_lazy("No MICR line was found at the foot of the image."),
    "cmc7_not_read": gettext_lazy("The line is printed in CMC-7, which is not read here."),
    "no_amount": gettext_lazy("What is written is no amount."),
    "no_date_of_the_calendar": gettext_lazy("What is written is no date of the calendar."),
    "does_not_fit_the_field": gettext_lazy("What is written does not fit this field."),
    "two_readers_differ": gettext_lazy("Two ways of reading it gave different values."),
    "third_reader_differs": gettext_lazy("A third way of reading it gave another value."),
    "irregular_groups": gettext_lazy("The commas do not stand where they usually do."),
    "stray_marks": gettext_lazy("There are marks that belong to no digit."),
    "leading_nought": gettext_lazy("It begins with a nought."),
    "unknown_form": gettext_lazy("It does not have the form of any line that is known."),
    "damaged_symbols_read_by_the_lines_form": gettext_lazy(
        "Some symbols are damaged; they were read from the form of the line."
    ),
}
_READ_AS = re.compile(r"read_as_(?P<text>.+)_but_made_(?:to_fit|a_date)")


@register.filter
def in_words(note: str) -> str:
    """Return a note as a sentence; one without a sentence of its own as it is, without underscores.

    >>> in_words("read_as_4500O_but_made_to_fit")
    'Read as “4500O” at first; this is the likeliest value that fits the field.'
    >>> in_words("some_new_note"), in_words("A sentence.")
    ('Some new note.', 'A sentence.')
    """
    if note in SENTENCES:
        return str(SENTENCES[note])
    if found := _READ_AS.fullmatch(note):
        sentence = _(
            "Read as “%(text)s” at first; this is the likeliest value that fits the field."
        )
        return sentence % {"text": found["text"]}
    if " " in note or "_" not in note:
        return note
    words = note.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}."
