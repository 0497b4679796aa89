"""Writes canonical.txt: what Unicode's normalization form C needs, from Python's own copy of the Unicode database.

    python3 canonical.py > canonical.txt

Lines: "d C A [B]" C decomposes into A (and B) once; "c C A B" A and B also compose to C again; "k N C…" the code points of
canonical combining class N, ranges as FIRST-LAST. All in hexadecimal, but N. Hangul syllables are computed and not in it.
"""
import itertools
import sys
import unicodedata as u

print(f"# Unicode {u.unidata_version}")
classes = {}
for code in range(sys.maxunicode + 1):
    c = chr(code)
    if u.combining(c):
        classes.setdefault(u.combining(c), []).append(code)
    mapping = u.decomposition(c)
    if mapping and not mapping.startswith("<"):
        composes = " " in mapping and u.normalize("NFC", u.normalize("NFD", c)) == c
        print("c" if composes else "d", f"{code:X}", *[f"{int(part, 16):X}" for part in mapping.split()])
for number, codes in sorted(classes.items()):
    ranges = []
    for _, run in itertools.groupby(enumerate(codes), lambda item: item[1] - item[0]):
        run = [code for _, code in run]
        ranges.append(f"{run[0]:X}" if len(run) == 1 else f"{run[0]:X}-{run[-1]:X}")
    print("k", number, *ranges)
