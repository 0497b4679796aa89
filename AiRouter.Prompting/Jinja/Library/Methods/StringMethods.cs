using System.Collections.Frozen;
using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Methods;

/// <summary>The methods of Python's <c>str</c>, by name.</summary>
internal static class StringMethods
{
    private static readonly FrozenDictionary<string, JinjaMethod> Methods = new Dictionary<string, JinjaMethod>
    {
        ["capitalize"] = Convert("capitalize", UnicodeCase.Capitalize),
        ["casefold"] = Convert("casefold", UnicodeCase.Fold),
        ["center"] = StringPadding.Center,
        ["count"] = StringSearch.Count,
        ["encode"] = StringParts.Encode,
        ["endswith"] = StringSearch.EndsWith,
        ["expandtabs"] = StringPadding.ExpandTabs,
        ["find"] = StringSearch.Find,
        ["format"] = static (in JinjaValue self, in JinjaCall call) => BraceFormat.Apply(self, call),
        ["format_map"] = static (in JinjaValue self, in JinjaCall call) => BraceFormat.ApplyMap(self, call),
        ["index"] = StringSearch.Index,
        ["isalnum"] = All("isalnum", UnicodeClasses.IsAlphanumeric),
        ["isalpha"] = All("isalpha", UnicodeClasses.IsAlpha),
        ["isascii"] = Ask("isascii", text => System.Text.Ascii.IsValid(text)),
        ["isdecimal"] = All("isdecimal", UnicodeClasses.IsDecimal),
        ["isdigit"] = All("isdigit", UnicodeClasses.IsDigit),
        ["isidentifier"] = Ask("isidentifier", StringQuestions.IsIdentifier),
        ["islower"] = Ask("islower", StringQuestions.IsLower),
        ["isnumeric"] = All("isnumeric", UnicodeClasses.IsNumeric),
        ["isprintable"] = Ask(
            "isprintable", text => text.Length == 0 || StringQuestions.All(text, StringRepr.IsPrintable)),
        ["isspace"] = All("isspace", c => c <= char.MaxValue && UnicodeClasses.IsSpace((char)c)),
        ["istitle"] = Ask("istitle", StringQuestions.IsTitle),
        ["isupper"] = Ask("isupper", StringQuestions.IsUpper),
        ["join"] = StringParts.Join,
        ["ljust"] = StringPadding.Left,
        ["lower"] = Convert("lower", UnicodeCase.Lower),
        ["lstrip"] = StringTrimming.Start,
        ["partition"] = StringParts.Partition,
        ["removeprefix"] = StringTrimming.RemovePrefix,
        ["removesuffix"] = StringTrimming.RemoveSuffix,
        ["replace"] = StringParts.Replace,
        ["rfind"] = StringSearch.FindLast,
        ["rindex"] = StringSearch.LastIndex,
        ["rjust"] = StringPadding.Right,
        ["rpartition"] = StringParts.PartitionLast,
        ["rsplit"] = StringSplitting.SplitLast,
        ["rstrip"] = StringTrimming.End,
        ["split"] = StringSplitting.Split,
        ["splitlines"] = StringSplitting.SplitLines,
        ["startswith"] = StringSearch.StartsWith,
        ["strip"] = StringTrimming.Both,
        ["swapcase"] = Convert("swapcase", UnicodeCase.Swap),
        ["title"] = Convert("title", UnicodeCase.Title),
        ["upper"] = Convert("upper", UnicodeCase.Upper),
        ["zfill"] = StringPadding.ZeroFill,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The method <paramref name="name"/>.</summary>
    public static JinjaMethod? Find(string name) => Methods.GetValueOrDefault(name);

    /// <summary>A text like <paramref name="self"/>: markup when it is markup.</summary>
    public static JinjaValue Like(in JinjaValue self, string text)
    {
        if (ReferenceEquals(text, self.AsString))
        {
            return self;
        }

        return self.IsMarkup ? JinjaValue.Markup(text) : JinjaValue.From(text);
    }

    /// <summary>Throws Python's TypeError when there are arguments.</summary>
    public static void RequireNone(in JinjaCall call, string type, string name)
    {
        if (!call.Names.IsEmpty)
        {
            throw JinjaValueException.TypeError($"{type}.{name}() takes no keyword arguments");
        }

        if (!call.Positional.IsEmpty)
        {
            throw JinjaValueException.TypeError($"{type}.{name}() takes no arguments ({call.Positional.Length} given)");
        }
    }

    private static JinjaMethod Convert(string name, Func<string, string> convert) =>
        (in JinjaValue self, in JinjaCall call) =>
        {
            RequireNone(call, "str", name);
            call.Run.Reserve(self.AsString.Length);
            return Like(self, convert(self.AsString));
        };

    private static JinjaMethod Ask(string name, Func<string, bool> ask) =>
        (in JinjaValue self, in JinjaCall call) =>
        {
            RequireNone(call, "str", name);
            call.Run.Spend(1 + (self.AsString.Length / 64));
            return JinjaValue.From(ask(self.AsString));
        };

    private static JinjaMethod All(string name, Func<int, bool> isOf) =>
        Ask(name, text => StringQuestions.All(text, isOf));
}
