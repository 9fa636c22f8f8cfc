"""The 14 characters of E-13B, in the order of the network's answers.

Unicode named two of the symbols the wrong way round; the names here are its corrections.
"""

TRANSIT = "\N{OCR BRANCH BANK IDENTIFICATION}"
AMOUNT = "\N{OCR AMOUNT OF CHECK}"
ON_US = "\N{MICR ON US SYMBOL}"
DASH = "\N{MICR DASH SYMBOL}"

ALPHABET = "0123456789" + TRANSIT + AMOUNT + ON_US + DASH
EMPTY = " "
"""What an empty cell reads as; the network's last answer is "empty, or no character at all"."""
