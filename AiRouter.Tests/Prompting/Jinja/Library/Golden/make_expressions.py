#!/usr/bin/env python3
"""Writes expressions.json: what Jinja2 itself makes of hundreds of expressions, in the sandbox that transformers uses.

Run it with Debian's python3-jinja2 (3.1) in this folder after adding an expression.
"""
import copy
import datetime
import itertools
import json
import sys

from jinja2.sandbox import ImmutableSandboxedEnvironment

sys.set_int_max_str_digits(4300)

CONTEXT = {
    "s": "Hello, World",
    "empty": "",
    "ws": " \t padded\n text \u2003\n",
    "emoji": "a😀b👩‍🚀ç",
    "greek": "ΟΔΥΣΣΕΥΣ Straße ǆ ŉ ﬁn İx",
    "quote": "it's \"quoted\" \\ and \n\t\r\x00\x7f\x85\xa0\u200b\u2028é😀",
    "lines": "one\ntwo\r\n\nfour\x0bfive\x0csix\x85seven\u2028eight\n",
    "para": "The quick brown fox-jumper jumps over the lazy dog -- twice, or thrice.\nA second paragraph; "
            "supercalifragilisticexpialidocious-words break-at-hyphens.\n\n  indented line",
    "n": 7,
    "neg": -7,
    "big": 123456789012345678901234567890,
    "f": 3.5,
    "nf": -2.25,
    "t": True,
    "no": False,
    "none": None,
    "nums": [3, 1, 2],
    "mixed": [1, "a", None, 2.5, True, [1, [2]], {"k": "v"}],
    "words": ["banana", "Apple", "cherry", "apple"],
    "d": {"b": 1, "a": 2, "C": 3, "items": "shadow", "key with space": None},
    "deep": {"x": [{"y": {"z": [10, 20]}}], "empty": {}, "list": [], "unicode": "ü😀\u2028</script>&'"},
    "users": [
        {"name": "Bob", "age": 30, "tags": ["x"], "address": {"city": "Rome"}, "active": True},
        {"name": "alice", "age": 25, "tags": [], "address": {"city": "bonn"}, "active": False},
        {"name": "Carl", "age": 30, "tags": ["y", "z"], "address": {"city": "rome"}},
    ],
    "messages": [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": " Hi "}, {"type": "image"}]},
        {"role": "assistant", "content": None,
         "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": {"a": 1, "b": [1.0, "ü"]}}}]},
        {"role": "tool", "content": "42"},
    ],
}

GROUPS = {}


def group(name, *expressions):
    GROUPS.setdefault(name, []).extend("{{ " + e + " }}" for e in expressions)


def templates(name, *sources):
    GROUPS.setdefault(name, []).extend(sources)


# Text of values.
group("repr",
      "none", "t", "no", "n", "big", "f", "[none, t, f]", "(1,)", "()", "(1, 2)", "[]", "{}", "mixed", "d", "deep",
      "[quote]",
      "['it\\'s']", "['\"']", "['\\'\"']", "[emoji]", "[greek]", "[undefined_name]", "undefined_name",
      "{'a': 1, 2: 3.0, none: t}",
      "{1: 'a', 1.0: 'b', true: 'c'}", "{(1, 2): 'tuple'}", "[1, [2, [3, [4]]]]", "['a' | escape]", "d.items()",
      "d.keys()",
      "d.values()", "range(3)", "range(1, 10, 3)", "range(5, 0, -2)", "namespace(a=1, b='x')", "[namespace(a=[1])]",
      "dict(a=1)", "dict({'x': 1}, y=2)", "dict([('a', 1), ['b', 2]])", "[dict()]", "'x'.encode('utf-8')",
      "emoji.encode()",
      "[1.0, 0.1, 1e16, 1e15, 123456789.123, 1e-5, 0.0001, 1e100, -0.0, 1e22, 5e-324, 1.7976931348623157e308]",
      "[0.1 + 0.2, 1/3, 2/3, 100.0, 1e5, 123456789012345680.0, 0.00001234, 9007199254740993.0]",
      "'inf' | float", "'-inf' | float", "'nan' | float", "[1e308 * 10, -1e308 * 10]", "1_000_000", "0x1F", "0b101",
      "0o17",
      "(1, 'a', none) ~ ''", "[[], (), {}, '']", "{'k': [1, (2, {'z': none})]}", "['\\u00ad\\u0378\\ue000\\U000e0001']")

# Operators.
OPERANDS = ["0", "1", "-3", "7", "2.5", "-0.5", "true", "none", "'ab'", "''", "[1, 2]", "(1,)", "{'a': 1}", "missing",
    "big"]
for op in ["+", "-", "*", "/", "//", "%", "<", "<=", ">", ">=", "==", "!=", "in"]:
    group("operator " + op, *(f"{a} {op} {b}" for a, b in itertools.product(OPERANDS, OPERANDS)))
group("power", *(f"{a} ** {b}" for a, b in itertools.product(
    ["0", "1", "-3", "7", "2.5", "true", "none", "'a'", "missing"], ["0", "1", "2", "-1", "true", "none"])),
    "2 ** 100", "(-2) ** 63", "10 ** 20 // 3", "2 ** 0.5", "-0.5 ** 3", "4 ** -0.5", "1e200 ** 2", "0 ** -1",
    "0.0 ** -1", "(-1) ** 1001")
group("integers",
      "9223372036854775807 + 1", "-9223372036854775807 - 2", "9223372036854775807 * 9223372036854775807",
      "-(-9223372036854775807 - 1)", "big // 7", "big % 7", "-big // 7", "-big % 7", "big % -7", "big - big",
      "big / 3", "big * 1.5",
      "9007199254740993 / 1", "9007199254740993 / 3", "10 ** 30 / 10 ** 29", "1 / 3", "-7 // 2", "-7 % 2", "7 // -2",
      "7 % -2",
      "-7.5 // 2", "-7.5 % 2", "7.5 % -2", "0.0 // 1", "-0.0 // 1", "1e300 * 1e10", "1e16 + 1", "5 % 3.0", "6.0 % 3",
      "-6.0 % 3",
      "big == big", "big > 1e29", "9007199254740993 == 9007199254740992.0", "9007199254740993 > 9007199254740992.0",
      "true + true", "true * 3", "-true", "+true", "+no", "-f", "+f", "-s", "+none", "-missing", "+missing", "-[]",
      "1 == 1.0",
      "1 == true", "0 == false", "0.0 == -0.0", "'1' == 1", "none == false", "none == none", "big in [big]",
      "true in [1]",
      "1.0 in {1: 2}", "10 ** 400 * 1.0", "10 ** 400 / 10 ** 399", "10 ** 400 / 3")
group("comparison",
      "1 < 2 < 3", "1 < 3 < 2", "3 > 2 > 1 > 0", "1 == 1 != 2", "'a' < 'b'", "'Z' < 'a'", "'😀' > '\uffee'",
      "'ab' < 'abc'",
      "[1, 2] < [1, 3]", "[1, 2] < [1, 2, 0]", "(1, 'a') < (1, 'b')", "[1, 'a'] < [1, 2]", "[[1], 'x'] == [[1], 'x']",
      "{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "{'a': 1} == {'a': 1.0}", "{'a': 1} < {'a': 2}", "none < 1",
      "[1] == (1,)",
      "range(3) == range(0, 3, 1)", "range(0) == range(2, 2)", "range(3) == [0, 1, 2]", "d.keys() == d.keys()",
      "d.items() == d.items()", "d.values() == d.values()", "missing == missing2", "missing != none", "missing == ''",
      "('nan' | float) == ('nan' | float)", "('nan' | float) < 1", "1 > ('nan' | float)",
      "'a' in 'abc'", "'' in 'abc'", "'😀' in emoji", "1 in 'abc'", "none in 'abc'", "missing in 'abc'",
      "'a' in missing",
      "'b' in d", "'zz' in d", "[] in d", "[1] in [[1]]", "2 in range(5)", "2.0 in range(5)", "5 in range(5)",
      "'a' in range(3)",
      "-1 in range(0, -5, -1)", "('a', 2) in d.items()", "('a', 3) in d.items()", "1 in d.values()", "'a' in d.keys()",
      "'a' not in 'xyz'", "none is none", "1 in 5", "1 in none", "missing in [missing2]")
group("concat",
      "1 ~ 2", "'a' ~ none ~ true", "'a' ~ missing ~ 'b'", "[1] ~ (2,)", "1.0 ~ ''", "'<' ~ ('<' | escape)",
      "('<' | safe) ~ '<'",
      "('<b>' | safe) + '<'", "'<' + ('<' | escape)", "('%s' | safe) % '<'", "('a' | safe) * 2",
      "('<x>' | escape)[0:2] ~ '<'")

# Look-ups.
group("lookup",
      "d.a", "d['a']", "d.items", "d['items']", "d.missing", "d['missing']", "d.missing.x", "d['missing']['x']",
      "missing.x",
      "missing['x']", "missing[0]", "none.x", "none['x']", "n.x", "s.x", "s['x']", "nums.x", "nums[5].x", "nums[0]",
      "nums[-1]",
      "nums[5]", "nums[-4]", "nums['a']", "nums[1.5]", "nums[true]", "nums[none]", "nums[none].x", "s[0]", "s[-1]",
      "s[99]",
      "s[99].x", "emoji[1]", "emoji[-1]", "emoji[2]", "deep.x[0].y.z[1]", "deep['x'][0]['y']['z'][-1]",
      "users[0].address.city",
      "users.0.name", "mixed[5][1][0]", "(1, 2)[1]", "(1, 2).x.y", "{'a': {'b': 'c'}}.a.b", "{1: 'x'}[1]",
      "{1: 'x'}[true]",
      "{1: 'x'}[1.0]", "{(1, 2): 'x'}[(1, 2)]", "d[[]]", "d[{}]", "d[none]", "range(10)[3]", "range(10)[-1]",
      "range(10)[10]",
      "range(10).x", "range(3).start", "range(3, 8, 2).stop ~ range(3, 8, 2).step", "namespace(a=1).a",
      "namespace(a=1)['a']",
      "namespace(a=1).b", "namespace(a=1).b.c", "namespace(a=1)['b'].c", "s.upper", "d.update.x", "nums.append(1)",
      "d.update({})", "d.pop('a')", "d.setdefault('a', 1)", "d.clear()", "nums.sort()", "nums.reverse()",
      "nums.insert(0, 1)",
      "nums.extend([1])", "nums.remove(1)", "s.__class__", "s.__class__.x", "s.__class__()", "d.__class__.x",
      "none.__class__.x",
      "s.__foo", "d.__foo.x", "s['upper']()", "nums['index'](1)", "d['get']('a')", "s()", "n()", "missing()", "none()",
      "d()",
      "s.missing()", "d.missing()", "messages[2].tool_calls[0].function.arguments.a", "messages[1].content[0]['text']",
      "messages[0].tool_calls", "messages[9].role", "messages[-1]['role']", "users[0]['name'][0]", "'abc'.0", "nums.1",
      "d.get", "emoji.x.y", "f.x.y", "t.x.y", "big.x.y", "[1].x.y", "{}.x.y", "().x.y", "range(1).x.y")
SLICES = ["", "0", "1", "2", "-1", "-2", "5", "-99", "99"]
for a, b in itertools.product(SLICES, SLICES):
    group("slice", f"'pythons'[{a}:{b}]", f"[0,1,2,3,4,5][{a}:{b}]")
for a, b, c in itertools.product(["", "1", "-2", "99", "-99"], ["", "0", "4", "-1", "99"], ["1", "2", "-1", "-3",
    "99"]):
    group("slice", f"'pythons'[{a}:{b}:{c}]", f"emoji[{a}:{b}:{c}]", f"(0,1,2,3,4,5)[{a}:{b}:{c}]",
        f"range(7)[{a}:{b}:{c}]")
group("slice errors", "s[::0]", "nums['a':]", "nums[:1.5]", "n[1:]", "missing[1:]", "d[1:]", "nums[none:none]",
      "nums[true:]", "s[:big]", "s[-big:]", "s[missing:]", "nums[:missing]", "nums.missing[1:]", "namespace()[1:]")

# Methods of texts.
SAMPLES = ["s", "empty", "ws", "emoji", "greek", "'hello world-foo bar'", "'ABC def'", "'123'", "'x1_y'", "'  x  '",
    "'Ünïcode ß'"]
for m in ["upper", "lower", "title", "capitalize", "swapcase", "casefold", "strip", "lstrip", "rstrip", "split",
    "rsplit",
          "splitlines", "isdigit", "isalpha", "isalnum", "isspace", "isupper", "islower", "isnumeric", "isdecimal",
          "istitle",
          "isidentifier", "isascii", "isprintable", "expandtabs"]:
    group("str." + m, *(f"{v}.{m}()" for v in SAMPLES))
group("str is", *(f"'{c}'.{m}()" for c in ["²", "Ⅷ", "½", "٣", "一", "ª", "ʰ", "ǅ", "Ⓐ", "\\x1c", "\\u00a0", "_",
    "a\u0301", "𝔸", "𝟘"]
                  for m in ["isdigit", "isdecimal", "isnumeric", "isalpha", "isalnum", "isupper", "islower", "istitle",
                      "isspace",
                            "isidentifier"]))
group("str case", *(f"'{w}'.{m}()" for w in ["ß", "ŉ", "ǆ", "ǅ", "Ǆ", "ﬁ", "İ", "ı", "ſ", "ΑΣ", "ΑΣ.", "Σ", "ΑΣΑ", "ᾳ",
    "ᾼ", "ა", "Ꭰ", "ꭰ", "ẞ", "ὒ",
                                             "they're bill's", "x-ray 3rd", "ⅷ", "ⓐ", "𐐨", "և"]
                    for m in ["upper", "lower", "title", "capitalize", "swapcase", "casefold"]))
group("str trimming",
      "s.strip('Hd')", "s.lstrip('Hel')", "s.rstrip('dlr')", "'xxyxx'.strip('x')", "'xyx'.strip('')",
      "emoji.strip('aç')",
      "'😀x😀'.strip('😀')", "s.strip(none)", "s.strip(1)", "s.strip('a', 'b')", "'\\x1c\\x1fa\\u3000'.strip()",
      "'\\n\\n'.strip()",
      "s.removeprefix('Hello')", "s.removeprefix('x')", "s.removesuffix('World')", "s.removesuffix('')",
      "s.removeprefix(1)",
      "s.removeprefix()", "' a '.strip().strip()")
group("str splitting",
      "s.split(',')", "s.split(', ')", "s.split('l')", "s.split('l', 1)", "s.rsplit('l', 1)", "s.split('l', 0)",
      "s.rsplit('l', 0)",
      "s.split('zz')", "''.split()", "''.split(',')", "' a  b '.split()", "' a  b '.split(' ')",
      "' a  b c '.split(none, 1)",
      "' a  b c '.rsplit(none, 1)", "'a,b,c'.split(',', -1)", "'a,b,c'.rsplit(',', 5)", "s.split('')", "s.split(1)",
      "s.rsplit('')",
      "'a,b'.split(sep=',')", "'a,b,c'.split(',', maxsplit=1)", "'a,b,c'.rsplit(sep=',', maxsplit=1)",
      "s.split(',', 'x')",
      "lines.splitlines()", "lines.splitlines(true)", "lines.splitlines(keepends=true)", "'a\\n'.splitlines()",
      "'\\n'.splitlines()",
      "s.partition(',')", "s.partition('zz')", "s.rpartition('o')", "s.rpartition('zz')", "s.partition('')",
      "s.partition(1)",
      "'a😀b😀c'.split('😀')", "'aXXbXXc'.rsplit('XX')", "'a\\x1cb'.split()", "s.split(',', 1, 2)",
      "'</think>x</think>y'.split('</think>')[-1]",
      "'<a>b</a>'.split('<a>')[-1].split('</a>')[0]")
group("str searching",
      "s.find('o')", "s.rfind('o')", "s.index('o')", "s.rindex('o')", "s.find('zz')", "s.rfind('zz')", "s.index('zz')",
      "s.rindex('zz')", "s.find('o', 5)", "s.find('o', 5, 8)", "s.rfind('o', 0, 5)", "s.find('')", "s.rfind('')",
      "s.find('', 99)",
      "s.rfind('', 3)", "''.find('')", "s.find(1)", "s.index(none)", "s.count('l')", "s.count('')", "s.count('l', 5)",
      "s.count('', 3, 5)", "s.count(1)", "emoji.find('b')", "emoji.rfind('ç')", "emoji.count('')", "'aaaa'.count('aa')",
      "s.startswith('Hello')", "s.startswith('x')", "s.startswith(('x', 'H'))", "s.startswith(())", "s.startswith('')",
      "s.startswith('World', 7)", "s.startswith('', 99)", "s.startswith('Hel', 0, 2)", "s.startswith(1)",
      "s.startswith((1, 'H'))",
      "s.startswith(['H'])", "s.endswith('World')", "s.endswith(('x', 'd'))", "s.endswith('Hello', 0, 5)",
      "s.endswith('d', 99)",
      "s.endswith(none)", "s.endswith(missing)", "s.startswith()", "emoji.startswith('b', 2)", "s.find('o', -4)",
      "s.find('o', none, 3)")
group("str replacing",
      "s.replace('l', 'L')", "s.replace('l', 'L', 1)", "s.replace('l', 'L', 0)", "s.replace('l', 'L', -1)",
      "s.replace('', '-')",
      "s.replace('', '-', 3)", "''.replace('', 'x')", "s.replace('zz', 'y')", "s.replace('o', '')",
      "emoji.replace('', '.')",
      "s.replace(1, 'x')", "s.replace('x')", "s.replace('l', none)", "'aaa'.replace('aa', 'b')",
      "'a\\nb'.replace('\\n', '\\\\n')",
      "', '.join(['a', 'b'])", "''.join([])", "'-'.join('abc')", "'-'.join(d)", "', '.join([1])", "'-'.join(5)",
      "'-'.join(missing)",
      "'-'.join(none)", "' '.join(words)", "'-'.join(words | map('upper'))", "'+'.join(('a',))",
      "'x'.join(['a', none])",
      "'<'.join(['a', 'b'])")
group("str padding",
      "'ab'.center(5)", "'ab'.center(6)", "'abc'.center(6)", "'abc'.center(8, '*')", "'ab'.center(1)",
      "'ab'.ljust(5) ~ '|'",
      "'ab'.rjust(5, '.')", "'ab'.ljust(5, '😀')", "'😀'.rjust(3, '-')", "'42'.zfill(5)", "'-42'.zfill(5)",
      "'+42'.zfill(6)",
      "'abc'.zfill(2)", "''.zfill(3)", "'ab'.center('x')", "'ab'.center(5, 'xy')", "'ab'.center(5, 1)", "'ab'.center()",
      "'a\\tb'.expandtabs()", "'a\\tb'.expandtabs(4)", "'a\\tb\\n\\tc'.expandtabs(3)", "'a\\tb'.expandtabs(0)",
      "'ab'.rjust(true)")

# Formatting.
VALUES = ["42", "-42", "0", "3.14159", "-2.5", "1e10", "'text'", "true", "none", "big"]
SPECS = ["", "d", "5", "<6", ">6", "^6", "06", "+", " ", "x", "#x", "X", "b", "#b", "o", ",", "_", "e", ".2f", ".0f",
    "g", ".3g", "%",
         ".1%", "s", ".2", "10.3f", "*^9", "08.3f", "c", "n", "=+7", ",.2f", "012,", "#o", "E", "F", "G", ".10g", "q"]
for v, spec in itertools.product(VALUES, SPECS):
    group("str.format spec", "'{:" + spec + "}'.format(" + v + ")")
group("str.format",
      "'{}'.format(1)", "'{} {}'.format(1, 'a')", "'{1} {0}'.format(1, 'a')", "'{a} {b}'.format(a=1, b=[2])",
      "'{0.a}'.format(d)",
      "'{0[a]}'.format(d)", "'{0[0]}'.format(nums)", "'{x.address.city}'.format(x=users[0])",
      "'{0[x][0][y]}'.format(deep)",
      "'{{}}'.format(1)", "'{{{}}}'.format(1)", "'{!r}'.format('a')", "'{!s}'.format([1])", "'{!a}'.format('é😀')",
      "'{!x}'.format(1)",
      "'{!r:>6}'.format('a')", "'{:{}}'.format(1, 5)", "'{:{w}.{p}f}'.format(3.14159, w=10, p=2)",
      "'{:>{}}|'.format('a', 4)",
      "'{} {}'.format(1)", "'{0} {}'.format(1, 2)", "'{} {0}'.format(1, 2)", "'{a}'.format(1)", "'{'.format(1)",
      "'}'.format(1)",
      "'{:'.format(1)", "'{0'.format(1)", "'{0[}'.format(1)", "'{0.}'.format(1)", "'{0[]}'.format(1)",
      "'{0[a]b}'.format(d)",
      "'{0.__class__}'.format(s)", "'{0.x}'.format(d)", "'{0.missing.y}'.format(d)", "'{:>5}'.format([1])",
      "'{:d}'.format('x')",
      "'{:.2}'.format('héllo')", "'{:+d}'.format(true)", "'{}'.format(true)", "'{:5}|'.format(true)",
      "'{}'.format(none)",
      "'{:5}'.format(none)", "'{:😀^7}'.format('ab')", "'{:,}'.format(1234567.891)", "'{:_x}'.format(65535)",
      "'{:,x}'.format(65535)",
      "'{:.3}'.format(2.0)", "'{:.3}'.format(1234.5)", "'{:10.4}|'.format(2.0)", "'{:e}'.format(0)",
      "'{:#.3g}'.format(1)",
      "'{:.0e}'.format(15000)", "'{:z}'.format(-0.0)", "'{:zd}'.format(1)", "'{:05}'.format('a')",
      "'{:=5}'.format('a')", "'{:+}'.format('a')", "'{:#}'.format('a')", "'{:,}'.format('a')", "'{:05}'.format(-3)",
      "'{:<05}'.format(3)",
      "'{:x<05}'.format(3)", "'{:010,.1f}'.format(-1234.56)", "'{:c}'.format(128512)", "'{:.3d}'.format(1)",
      "'{a[b c]}'.format(a={'b c': 1})",
      "'{a}'.format_map({'a': 1})", "'{a}'.format_map({})", "'{}'.format_map({'a': 1})", "'{missing}'.format(a=1)",
      "'{0:}'.format(1)",
      "'{:.1f}'.format(0.25)", "'{:.1f}'.format(0.35)", "'{:.0f}'.format(0.5)", "'{:.0f}'.format(1.5)",
      "'{:.0f}'.format(2.5)",
      "'{:.2f}'.format(1.005)", "'{:.20f}'.format(0.1)", "'{:.1f}'.format(1e22)", "'{:g}'.format(1e-5)",
      "'{:g}'.format(123456789)",
      "'{:d}'.format(2.5)", "'{:s}'.format(2)", "'{:x}'.format(2.5)", "'{:%}'.format(true)", "'{:.1%}'.format(0.125)")
for v, spec in itertools.product(["42", "-42", "3.75", "'text'", "none", "[1, 2]", "true", "missing"],
                                 ["s", "r", "a", "d", "i", "5d", "-5d", "05d", "+d", " d", "x", "X", "#x", "o", "#o",
                                     "e", "f", ".1f", "08.2f",
                                  "g", "c", "10s", "-10s", ".2s", "%", "q"]):
    group("percent", "'%" + spec + "|' % " + v if v != "[1, 2]" else "'%" + spec + "|' % ([1, 2],)")
group("percent",
      "'%s %s' % ('a', 1)", "'%s %s' % ('a',)", "'%s' % ('a', 1)", "'%s' % ()", "'%(a)s %(b)d' % {'a': 1, 'b': 2}",
      "'%(x)s' % {'a': 1}",
      "'%(a)s' % 'x'", "'%s' % {'a': 1}", "'x' % {'a': 1}", "'x' % [1]", "'x' % 1", "'x' % ()", "'%*d' % (5, 42)",
      "'%-*d|' % (5, 42)",
      "'%.*f' % (2, 3.14159)", "'%*d' % ('a', 1)", "'%%' % ()", "'100%' % ()", "'%' % ()", "'%(a' % {'a': 1}",
      "'%c' % 65", "'%c' % 'ab'",
      "'%c' % '😀'", "'%s' % missing", "'%d' % missing", "'%5.1f|' % 2.25", "'%.0f' % 0.5", "'%.3d' % 7", "'%#X' % 255",
      "'%+.2e' % 12345.678",
      "'%i' % 3.99", "'%d' % '3'", "'%x' % 3.5", "'%s and %s' | format('a', 'b')", "'%(x)s' | format(x=1)",
      "'%s' | format", "'%s' | format(1, x=2)",
      "'%d items' | format(3)", "'%05.1f' | format(2.345)", "'%ld' % 5", "'%r' % ('é',)", "'%a' % ('é',)",
      "'%s' % 'x' * 2", "'%g' % 1e20",
      "'%d' % big", "'%x' % big", "'%d' % (1e20)")

# Methods of lists, tuples and dictionaries.
group("list methods",
      "nums.index(2)", "nums.index(9)", "nums.index(2, 1)", "nums.index(3, 1)", "nums.index(1, 0, 1)",
      "nums.index(1, -2)", "nums.count(1)",
      "[1, 1.0, true].count(1)", "nums.copy()", "(1, 2, 1).count(1)", "(1, 2).index(2)", "(1, 2).index(3)",
      "[[1]].index([1])", "nums.index()",
      "(1, 2).copy()", "nums.copy(1)", "['a'].index('b')", "nums.__len__()")
group("dict methods",
      "d.get('a')", "d.get('zz')", "d.get('zz', 'default')", "d.get('key with space', 'x')", "d.get([])", "d.get()",
      "d.get('a', 1, 2)",
      "d.keys() | list", "d.values() | list", "d.items() | list", "d.copy() == d", "d.items() | length", "d.keys()[0]",
      "d.items().x.y",
      "{}.items()", "d.get(missing)", "{1: 'a'}.get(true)", "{}.fromkeys(['a', 'b'], 1)", "{}.fromkeys('ab')",
      "d.keys() | sort", "d.values() | first", "d.keys() | last", "d.items() | last", "d.keys('x')",
      "(d.items() | list)[0][1]")

# Filters.
group("filter text",
      "s | upper", "s | lower", "none | upper", "n | lower", "missing | upper", "s | capitalize",
      "'hELLO wORLD' | capitalize", "empty | capitalize",
      "s | title", "'foo-bar (baz) [qux] it\\'s {x} <y>' | title", "greek | title", "none | title", "ws | trim",
      "s | trim('Hd')", "n | trim",
      "missing | trim", "none | trim", "[1] | trim", "s | trim(chars='Hd')", "s | trim(none)", "s | trim(5)",
      "s | trim('a', 'b')", "s | trim(x=1)",
      "'ab' | center(6) ~ '|'", "'ab' | center | length", "5 | center(4)", "s | string", "none | string",
      "nums | string", "missing | string",
      "s | replace('l', 'L')", "s | replace('l', 'L', 1)", "s | replace('l', 'L', count=2)", "n | replace(7, 8)",
      "none | replace('N', 'x')",
      "missing | replace('a', 'b')", "s | replace('o')", "s | replace('', '-')", "nums | replace(', ', ';')",
      "s | wordcount", "para | wordcount",
      "emoji | wordcount", "none | wordcount", "'a\\'b c_d 1.5' | wordcount", "empty | wordcount")
group("filter indent",
      "lines | indent", "'a\\nb\\n\\nc' | indent", "'a\\nb\\n\\nc' | indent(2)", "'a\\nb\\n\\nc' | indent(2, true)",
      "'a\\nb\\n\\nc' | indent(2, false, true)",
      "'a\\nb\\n\\nc' | indent(2, true, true)", "'a\\nb' | indent('> ')", "'a\\nb' | indent(width='--', first=true)",
      "'a\\nb\\n' | indent",
      "'a\\nb\\n' | indent(blank=true)", "'a' | indent(first=true)", "'' | indent(first=true)", "'' | indent",
      "'\\n' | indent(2, true, true)", "'a\\r\\nb' | indent",
      "none | indent", "5 | indent", "missing | indent", "'a\\nb' | indent(0)", "'a\\nb' | indent(-3)",
      "'a\\nb' | indent(none)", "'a\\nb' | indent(1.5)")
group("filter truncate",
      "'foo bar baz qux' | truncate(9)", "'foo bar baz qux' | truncate(9, true)", "'foo bar baz qux' | truncate(11)",
      "'foo bar baz qux' | truncate(11, false, '...', 0)", "'foo bar baz qux' | truncate(9, end='…')",
      "para | truncate", "para | truncate(20)",
      "para | truncate(20, leeway=0)", "emoji | truncate(4, true, '', 0)", "'abcdefghijkl' | truncate(5, leeway=0)",
      "s | truncate(2)", "s | truncate(5, leeway=-1)",
      "none | truncate", "[1, 2] | truncate", "missing | truncate", "5 | truncate", "(range(300) | list) | truncate")
group("filter wordwrap",
      "para | wordwrap(20)", "para | wordwrap(10)", "para | wordwrap(10, false)",
      "para | wordwrap(12, break_on_hyphens=false)", "para | wordwrap(15, wrapstring='|')",
      "para | wordwrap", "'' | wordwrap", "'a b' | wordwrap(1)", "'aaaa' | wordwrap(0)", "none | wordwrap",
      "'foo--bar baz' | wordwrap(5)", "'one-two-three' | wordwrap(5)",
      "'a-b-c well-known x--y---z' | wordwrap(4)", "'😀😀😀 😀😀' | wordwrap(3)", "'  lead  and trail  ' | wordwrap(6)",
      "'--flag -x pre-' | wordwrap(3)",
      "'e-mail 4-way non-2 a1-b2' | wordwrap(4)", "'long-hyphenated-abcdefghijk' | wordwrap(9, true)")
group("filter html",
      "'<a href=\"x\">\\'&\\'</a>' | escape", "'<' | e | e", "'<' | escape | string", "'<' | e | forceescape",
      "['<' | e]", "none | e", "5 | e", "missing | e",
      "'<b>' | safe", "'<b>' | safe | escape", "('<' | e) is escaped", "'<' is escaped", "('<' | e) | upper",
      "('<a>' | safe) | length",
      "'<p>a &amp; b</p>\\n <!-- x > y --> c  d' | striptags", "'a < b' | striptags", "'<a' | striptags",
      "5 | striptags", "'&lt;b&gt; &euro; &#65; &nosuch;' | striptags",
      "{'a': 1, 'b': none, 'c': '<\"', 'd': missing} | xmlattr", "{} | xmlattr", "{'a': 'x'} | xmlattr(false)",
      "{'a b': 1} | xmlattr", "[1] | xmlattr",
      "{'a': 1, 'b': 2} | xmlattr(autospace=false)", "s | urlencode", "'a/b c?d=é&😀~' | urlencode",
      "{'a b': 1, 'c/d': 'é &'} | urlencode",
      "[('a', 1), ('b', 'x y')] | urlencode", "5 | urlencode", "[1] | urlencode", "[(1, 2, 3)] | urlencode",
      "none | urlencode", "missing | urlencode",
      "('%s' | safe) | format('<')", "('{}' | safe).format('<')", "(',' | safe).join(['<', 'a'])",
      "('a<' | e).split('&')", "('a,b' | safe).partition(',')",
      "('x' | safe) ~ 1", "('<' | safe) | indent", "('<' | safe) == '<'", "{'<' | safe: 1}['<']",
      "('a' | safe) in ['a']")
group("filter urlize",
      "'see http://example.com/path?x=1&y=2 or www.example.org.' | urlize",
      "'(https://example.com/a_(b)) x@y.com mailto:a@b.co' | urlize",
      "'http://example.com/averylongpath' | urlize(15)", "'http://a.com' | urlize(nofollow=true)",
      "'http://a.com' | urlize(target='_blank', rel='x y')",
      "'ftp://a.com tel:123' | urlize(extra_schemes=['tel:', 'ftp://'])", "'tel:1' | urlize(extra_schemes=['1:'])",
      "'example.com, test.io <http://1.2.3.4:80/x>' | urlize",
      "'http://[2001:db8::1]/ http://localhost' | urlize", "none | urlize", "'no links & <tags>' | urlize",
      "'a.com\\n b.org\\tc.net' | urlize", "'www.a.com)' | urlize")
group("filter numbers",
      *(f"{v} | {f}" for v in ["5", "-5", "2.7", "-2.7", "'42'", "' 42 '", "'42.9'", "'-1e3'", "'0x1f'", "'abc'", "''",
      "true", "none", "missing", "nums", "big",
                               "'1_000'", "'٣'", "'nan'", "1e20", "'12abc'", "'1__0'", "'_1'", "'+7'", "'--7'"]
        for f in ["int", "float", "abs", "int(99)", "float(9.5)", "round", "round(1)"]),
      "'ff' | int(0, 16)", "'0xff' | int(0, 16)", "'0b11' | int(0, 2)", "'0o17' | int(base=8)", "'zz' | int(base=36)",
      "'0x1f' | int(base=0)", "'010' | int(base=0)",
      "'0_0' | int(base=0)", "'12' | int(base=99)", "'9' | int(7, 8)", "'x' | int(default='d')", "'x' | float('d')",
      "'0x_f' | int(base=16)", "'1 2' | int",
      "2.5 | round", "3.5 | round", "-2.5 | round", "2.675 | round(2)", "1234.567 | round(-2)", "1250 | round(-2)",
      "1350 | round(-2)", "42.55 | round(1, 'floor')",
      "42.55 | round(1, 'ceil')", "42.55 | round(0, 'ceil')", "-42.55 | round(1, 'floor')", "42 | round(1, 'floor')",
      "42.55 | round(1, 'x')", "'a' | round", "5 | round(2)",
      "1e300 | round(5)", "5.015 | round(2)", "1.5 | round(none)", "1.5 | round('x')", "true | round",
      "0.5 | round(method='ceil') | int", "1e16 | round(2)",
      "1000 | filesizeformat", "1 | filesizeformat", "999 | filesizeformat", "1234567 | filesizeformat",
      "1024 | filesizeformat(true)", "'2048' | filesizeformat(binary=true)",
      "1e30 | filesizeformat", "0 | filesizeformat", "-5 | filesizeformat", "'x' | filesizeformat",
      "none | filesizeformat", "1.5 | filesizeformat", "10 ** 26 | filesizeformat")
group("filter sequences",
      *(f"{v} | {f}" for v in ["nums", "empty", "s", "emoji", "d", "(1, 2)", "range(4)", "missing", "none", "5",
      "(nums | map('string'))", "d.items()", "namespace()"]
        for f in ["length", "count", "list", "first", "last", "reverse | list", "join", "join('-')", "sum", "max",
            "min", "sort", "unique | list", "batch(2) | list",
                  "slice(2) | list"]),
      "[] | first", "([] | first) is defined", "([] | first).x", "([] | last).x", "([] | max).x", "([] | min) ~ '!'",
      "nums | join(', ')", "mixed | join('|')",
      "users | join(', ', 'name')", "users | join(', ', attribute='address.city')", "nums | join(5)",
      "[1, [2]] | join", "nums | join(none)", "s | reverse", "emoji | reverse",
      "(nums | reverse)[0]", "nums | sum(start=10)", "[[1], [2]] | sum(start=[])", "users | sum('age')",
      "users | sum(attribute='age', start=0.5)", "['a', 'b'] | sum",
      "['a'] | sum(start='')", "[1.5, 2] | sum", "['a', 1] | join", "range(7) | batch(3) | list",
      "range(7) | batch(3, 'x') | list", "range(7) | batch(linecount=3, fill_with=0) | list",
      "range(7) | slice(3) | list", "range(7) | slice(3, 'x') | list", "range(2) | slice(4) | list",
      "range(2) | slice(0) | list", "nums | batch(0) | list", "nums | batch('a') | list",
      "nums | slice('a') | list", "nums | slice | list", "nums | random in nums", "[] | random", "([] | random).x",
      "{'a': 1} | random", "none | random", "nums | list | list",
      "(nums | map('string') | list)[0] is string", "nums | first(1)", "nums | length(1)", "(nums | select) | length",
      "(nums | select) | first", "(nums | select) | last",
      "1 in (nums | select)", "(nums | map('string')) is iterable", "(nums | map('string')) is sequence",
      "not (nums | select('gt', 99))", "(nums | map('string')).x.y",
      "'yes' if users | selectattr('nope') else 'no'", "('a', 'b') | join('x')", "s | list | length", "d | length",
      "d | list", "(1, 2) | list", "none | default([]) | length")
group("filter order",
      "words | sort", "words | sort(reverse=true)", "words | sort(case_sensitive=true)", "words | sort(true, true)",
      "nums | sort", "[1, 'a'] | sort", "[none, 1] | sort",
      "users | sort(attribute='age') | map(attribute='name') | list",
      "users | sort(attribute='age,name') | map(attribute='name') | list",
      "users | sort(attribute='address.city') | map(attribute='name') | list",
      "users | sort(attribute='missing') | length",
      "users | sort(true, attribute='age') | map(attribute='name') | list",
      "[[2, 'a'], [1, 'b']] | sort(attribute=0)", "[[2, 'a'], [1, 'b']] | sort(attribute='1')",
      "[true, 0, 0.5] | sort", "d | dictsort", "d | dictsort(true)",
      "{'b': 1, 'A': 3, 'c': 2} | dictsort", "{'b': 1, 'A': 3, 'c': 2} | dictsort(true)",
      "{'b': 1, 'A': 3, 'c': 2} | dictsort(by='value')",
      "{'b': 1, 'A': 3, 'c': 2} | dictsort(false, 'value', true)", "{'b': 1} | dictsort(by='x')",
      "{'b': 1} | dictsort(by=1)", "nums | dictsort", "{1: 'a', 'b': 2} | dictsort",
      "words | unique | list", "words | unique(true) | list", "[1, 1.0, true, 2] | unique | list",
      "users | unique(attribute='age') | map(attribute='name') | list", "[[1], [1]] | unique | list",
      "words | max", "words | min", "words | max(true)", "words | min(case_sensitive=true)",
      "users | max(attribute='age') | attr('name')", "(users | max(attribute='age')).name",
      "(users | min(attribute='age')).name", "[1, 'a'] | max", "[1, 2.5, true] | max", "users | groupby('age')",
      "users | groupby('age') | map('first') | list",
      "users | groupby('address.city') | map('list') | map('first') | list",
      "users | groupby('address.city', case_sensitive=true) | map(attribute='grouper') | list",
      "users | groupby('active', default=false) | map(attribute='grouper') | list",
      "(users | groupby('age'))[0].grouper", "(users | groupby('age'))[0].list | length",
      "(users | groupby('age'))[1][0]", "users | groupby('nope')", "users | groupby", "[3, 1, 2] | groupby(none)")
group("filter mapping",
      "users | map(attribute='name') | list", "users | map(attribute='address.city') | list",
      "users | map(attribute='active') | list",
      "users | map(attribute='active', default='?') | list", "users | map(attribute='tags.0', default='-') | list",
      "words | map('upper') | list", "words | map('replace', 'a', 'X') | list",
      "nums | map('string') | join", "words | map('length') | sum", "nums | map | list", "nums | map('nope') | list",
      "nums | map(attribute='x', bad=1) | list", "[] | map('nope') | list",
      "none | map('upper') | list", "missing | map('upper') | list", "5 | map('upper') | list",
      "nums | select('odd') | list", "nums | select | list", "[0, 1, '', 'a', none] | select | list",
      "[0, 1, '', 'a', none] | reject | list", "nums | select('gt', 1) | list", "nums | select('>', 1) | list",
      "nums | reject('eq', 2) | list", "nums | reject('in', [1, 2]) | list",
      "users | selectattr('active') | map(attribute='name') | list",
      "users | rejectattr('active') | map(attribute='name') | list",
      "users | selectattr('age', 'eq', 30) | list | length",
      "users | selectattr('active', 'defined') | list | length",
      "users | rejectattr('active', 'undefined') | list | length",
      "users | selectattr('address.city', 'equalto', 'Rome') | list | length",
      "users | selectattr('name', 'in', ['Bob']) | list | length", "users | selectattr | list",
      "users | selectattr('age', 'nope') | list", "messages | selectattr('role', 'equalto', 'user') | list | length",
      "(messages | selectattr('role', '==', 'system') | first).content",
      "(messages | rejectattr('role', 'equalto', 'system') | list)[0].role", "nums | select('divisibleby', 2) | list",
      "messages | map(attribute='content') | select('string') | list", "nums | select('sameas', 1) | list",
      "words | select('startswith', 'a') | list",
      "messages[1].content | selectattr('type', 'equalto', 'text') | map(attribute='text') | map('trim') | join",
      "[[1, 2], [3]] | map('first') | list", "[[1, 2], [3]] | map(attribute=0) | list",
      "[[1, 2], [3]] | map('sum') | list", "words | map('default', 'x') | list", "users | map('attr', 'name') | list",
      "[{'a': {'b': 1}}] | map(attribute='a.b') | list",
      "users | map(attribute='name', default='x') | map('lower') | sort", "[1] | map('upper', 1) | list",
      "users | selectattr('nope.deeper') | list")
group("filter values",
      "missing | default", "missing | default('x')", "missing | d('x')", "none | default('x')",
      "none | default('x', true)", "'' | default('x', true)", "0 | default('x', boolean=true)", "f | default('x')",
      "missing | default(none)", "missing.x | default('y')", "d.missing | default('y')",
      "d.missing.deeper | default('y')", "missing | default(default_value='z')", "d | items | list",
      "missing | items | list",
      "none | items | list", "nums | items | list", "namespace(a=1) | items | list", "s | attr('upper')",
      "(s | attr('upper'))()", "d | attr('a')", "d | attr('a').x", "(d | attr('a')).x", "s | attr('nope')",
      "(s | attr('nope')).x", "namespace(a=1) | attr('a')", "missing | attr('x')", "none | attr('x')",
      "(d | attr('get'))('a')", "s | attr('__class__')", "(s | attr('__class__')).x", "d | attr(1)")
group("filter pprint",
      "d | pprint", "mixed | pprint", "deep | pprint", "users | pprint", "messages | pprint", "s | pprint",
      "para | pprint", "[para] | pprint", "{'k': para, 'a': 1} | pprint", "none | pprint", "(para,) | pprint",
      "range(50) | list | pprint", "(words * 6) | pprint", "{'b': 1, 1: 2} | pprint", "{3: 1, 1: 2} | pprint",
      "[{'role': 'x' * 70, 'y': [1] * 30}] | pprint", "('ab ' * 40) | pprint", "[['x' * 60, ['y' * 60]]] | pprint",
      "'' | pprint", "missing | pprint", "('line one is here\\n' * 6) | pprint",
      "{('a', 1): ('b' * 50, 'c' * 50)} | pprint")
group("tojson",
      *(f"{v} | tojson" for v in CONTEXT), "missing | tojson", "range(3) | tojson", "(1, 2) | tojson",
      "{1: 2, true: 3, none: 4, 1.5: 5} | tojson", "{(1,): 2} | tojson", "d.items() | tojson", "namespace() | tojson",
      "deep | tojson(indent=2)", "messages | tojson(indent=4)", "mixed | tojson(indent=0)",
      "mixed | tojson(indent='\\t')", "[] | tojson(indent=2)", "{'a': [], 'b': {}} | tojson(indent=2)",
      "d | tojson(sort_keys=true)",
      "d | tojson(separators=(',', ':'))", "d | tojson(separators=[',', ': '], indent=1)",
      "quote | tojson(ensure_ascii=true)", "emoji | tojson(true)", "d | tojson(true, 2)",
      "d | tojson(false, none, (',', '='))",
      "'<>&\\'/' | tojson", "[1e16, 1.0, 1e-7, 'inf' | float, '-inf' | float, 'nan' | float] | tojson",
      "{'a': missing} | tojson", "[none, t, no] | tojson", "('a' | safe) | tojson", "d | tojson(nope=1)",
      "{'b': {'z': 1, 'a': 2}} | tojson(sort_keys=true, indent=2)", "{1: 1, 'a': 2} | tojson(sort_keys=true)",
      "(users | groupby('age')) | tojson", "(nums | map('string')) | tojson", "(nums | map('string') | list) | tojson",
      "'\\u007f\\u0080\\u2028' | tojson", "'\\u007f\\u0080\\u2028' | tojson(ensure_ascii=true)", "(s.upper) | tojson",
      "messages[2].tool_calls[0].function | tojson", "messages[2].tool_calls[0].function.arguments | tojson | length",
      "d | tojson(indent=-1)", "d | tojson(indent=true)", "d | tojson(indent=none)")

# Tests.
for test in ["boolean", "callable", "defined", "even", "odd", "escaped", "false", "true", "float", "integer",
    "iterable", "lower", "upper", "mapping", "none", "number", "sequence", "string", "undefined"]:
    group("test " + test, *(f"{v} is {test}" for v in [
        "n", "f", "t", "no", "none", "s", "'abc'", "'ABC'", "empty", "nums", "(1,)", "d", "missing", "range(3)",
        "range", "s.upper", "namespace()", "big", "8", "-3", "2.0", "d.items()", "(nums | select)", "('a' | e)"]))
group("test with argument",
      "6 is divisibleby 3", "6 is divisibleby(4)", "6.0 is divisibleby 3", "6 is divisibleby 0",
      "'a' is divisibleby 2", "1 is eq 1", "1 is equalto 1.0", "1 is ==(1)", "1 is ne 2", "1 is !=(1)", "1 is lt 2",
      "1 is lessthan 0",
      "1 is le 1", "1 is gt 0", "1 is greaterthan 2", "1 is ge 1", "'a' is lt 1", "1 is in [1, 2]", "'a' is in 'abc'",
      "'z' is not in 'abc'", "1 is in 5", "'upper' is filter", "'nope' is filter", "'odd' is test", "'nope' is test",
      "none is sameas none", "true is sameas true", "1 is sameas true", "d is sameas d", "nums is sameas nums",
      "[1] is sameas [1]", "missing is sameas missing", "1 is eq", "1 is eq(1, 2)", "1 is defined(1)", "[] is filter",
      "missing is eq missing2", "1 is not defined", "not missing is defined", "s is string and n is number",
      "'==' is test", "none is eq none", "missing is in nums", "nums is in [nums]", "'odd' is filter")

# Functions.
group("functions",
      "range(3) | list", "range(1, 4) | list", "range(10, 0, -3) | list", "range(0) | list", "range(-2) | list",
      "range()", "range('a')", "range(1.5)", "range(1, 2, 0)", "range(100001)", "range(100000) | length",
      "range(1, 2, 3, 4)",
      "range(big)", "range(true) | list", "range(missing)", "range(none)", "range(5)[1:3]", "range(5)[::-1] | list",
      "range(2, 10, 2)[1:] | list", "dict(a=1, b=2).a", "dict(1)", "dict([1])", "dict([(1, 2, 3)])",
      "dict([('a', 1)], a=2)",
      "dict({}, {})", "dict('ab')", "dict(missing)", "namespace({'a': 1}).a", "namespace([('a', 1)], b=2).b",
      "namespace(1)", "cycler('a', 'b').next()", "cycler()", "cycler(1, 2).current", "cycler(1).items",
      "cycler(1).x.y",
      "joiner()()", "joiner('x', 'y')", "raise_exception('no: ' ~ n)", "raise_exception(none)", "raise_exception()",
      "range is callable", "range(3) is iterable", "cycler('a').next")
templates("functions",
          "{% set c = cycler('a', 'b') %}{% for i in range(5) %}{{ c.next() }}{% endfor %}{{ c.current }}{{ c.reset() }}{{ c.current }}{{ c.pos }}",
          
          "{% set j = joiner('; ') %}{% for i in range(3) %}{{ j() }}{{ i }}{% endfor %}",
          "{% set ns = namespace(x=1, found=false) %}{% for i in nums %}{% if i == 1 %}{% set ns.found = true %}{% endif %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }} {{ ns.found }} {{ ns }}",
          
          "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{% for k in d %}{{ k }},{% endfor %}",
          "{% for k, v in d | dictsort %}{{ k }}={{ v }};{% endfor %}", "{% for c in emoji %}[{{ c }}]{% endfor %}",
          "{% for x in missing %}x{% else %}none{% endfor %}", "{% for x in none %}{% endfor %}",
          "{% for x in 5 %}{% endfor %}", "{% for a, b in [(1, 2), [3, 4], 'ab'] %}{{ a }}{{ b }} {% endfor %}",
          "{% for a, b in [(1, 2, 3)] %}{% endfor %}",
          "{% set g = nums | select('odd') %}{% for x in g %}{{ x }}{% endfor %}|{% for x in g %}{{ x }}{% endfor %}",
          "{% set g = nums | map('string') %}{{ g | first }}{{ g | first }}{{ g | list }}",
          "{% set g = nums | select %}{{ 1 in g }}{{ g | list }}", "{% set f = s.upper %}{{ f() }}",
          "{% set x = 'a' %}{{ x.__class__ }}|",
          "{% for g in users | groupby('age') %}{{ g.grouper }}:{{ g.list | length }} {% endfor %}",
          "{% for age, us in users | groupby('age') %}{{ age }}:{{ us | map(attribute='name') | join(',') }} {% endfor %}",
          "{% for x in range(3) | reverse %}{{ x }}{% endfor %}",
          "{% for r in range(5) | batch(2, '-') %}{{ r }}{% endfor %}",
          "{% set x = [1] %}{% set y = x %}{{ x is sameas y }}",
          "{% for i in range(3) %}{{ loop.cycle('a', 'b') }}{% endfor %}", "{{ [1, 2] | map('nope') }}",
          "{% if nums | select('gt', 5) | list %}y{% else %}n{% endif %}",
          "{% set a, b = 'xy' %}{{ b }}{{ a }}",
          "{% if '' %}a{% elif 0.0 %}b{% elif [] %}c{% elif {} %}d{% elif () %}e{% elif missing %}f{% elif none %}g{% elif range(0) %}h{% elif d.fromkeys([]) %}i{% else %}j{% endif %}",
          
          "{% if namespace() %}a{% endif %}{% if range(1) %}b{% endif %}{% if nums | map('x') %}c{% endif %}{% if {}.items() %}d{% endif %}{% if 'x'.encode() %}e{% endif %}")

NOWS = ["2026-01-15T12:00:00", "2024-12-29T23:59:09.012345", "2021-01-03T00:05:07", "2025-07-04T13:00:00"]
DIRECTIVES = [f"%{x}" for x in "aAbBcCdDeFfgGhHIjklmMnpPrRSsTuUVwWxXyYzZ%"] + ["%-d", "%-m", "%-H", "%-I", "%-M",
    "%-j", "%_d", "%_H", "%0e", "%^a", "%^B", "%#p", "%#B", "%5d", "%10A", "%05Y", "%-y", "%_m", "%Q", "%", "x%",
                                                                                 "%d %B %Y", "%d %b %Y", "%Y-%m-%d",
                                                                                 "%B %d, %Y", "%A, %d %B %Y %H:%M:%S",
                                                                                 "%Y年%m月%d日", "Today is %A",
                                                                                 "%-d/%-m/%y %I:%M %p", "100%%", ""]


def environment(now):
    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"])

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    def raise_exception(message):
        from jinja2.exceptions import TemplateError
        raise TemplateError(message)

    def strftime_now(format):
        return datetime.datetime.fromisoformat(now).strftime(format)

    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = strftime_now
    return env


def case(env, source, **more):
    result = {"template": source, **more}
    try:
        result["output"] = env.from_string(source).render(**copy.deepcopy(CONTEXT))
        result["output"].encode("utf-8")
    except Exception as e:
        result.pop("output", None)
        result["error"] = type(e).__name__
        result["message"] = str(e)
    return result


def main():
    env = environment(NOWS[0])
    groups = {name: [case(env, source) for source in dict.fromkeys(sources)] for name, sources in GROUPS.items()}
    groups["strftime"] = [
        case(environment(now), "{{ strftime_now('" + d + "') }}",
            now=now) for now in NOWS for d in DIRECTIVES if d != "%s"]

    # An address in memory is different each time.
    groups = {name: [c for c in cases if " at 0x" not in c.get("output", "") and
                     c["template"] != "{{ '{:c}'.format(big) }}"] for name, cases in groups.items()}
    with open("expressions.json", "w", encoding="utf-8") as file:
        file.write('{\n"context": ' + json.dumps(CONTEXT, ensure_ascii=True) + ',\n"groups": {\n')
        file.write(",\n".join(
            json.dumps(name) + ": [\n" + ",\n".join(json.dumps(c, ensure_ascii=True) for c in cases) + "\n]"
            for name, cases in groups.items()))
        file.write("\n}}\n")
    print(sum(len(cases) for cases in groups.values()), "cases")


main()
