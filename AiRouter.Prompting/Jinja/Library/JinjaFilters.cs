using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using AiRouter.Prompting.Jinja.Library.Filters;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>The filters by name: Jinja2's built-in ones, with transformers' <c>tojson</c>.</summary>
internal static class JinjaFilters
{
    private static readonly FrozenDictionary<string, JinjaFilter> ByName = new Dictionary<string, JinjaFilter>
    {
        ["abs"] = NumberFilters.Abs,
        ["attr"] = ValueFilters.Attribute,
        ["batch"] = SequenceFilters.Batch,
        ["capitalize"] = TextFilters.Capitalize,
        ["center"] = TextFilters.Center,
        ["count"] = SequenceFilters.Length,
        ["d"] = ValueFilters.Default,
        ["default"] = ValueFilters.Default,
        ["dictsort"] = OrderFilters.DictSort,
        ["e"] = MarkupFilters.Escape,
        ["escape"] = MarkupFilters.Escape,
        ["filesizeformat"] = NumberFilters.FileSize,
        ["first"] = SequenceFilters.First,
        ["float"] = NumberFilters.Float,
        ["forceescape"] = MarkupFilters.ForceEscape,
        ["format"] = TextFilters.Format,
        ["groupby"] = OrderFilters.GroupBy,
        ["indent"] = TextFilters.Indent,
        ["int"] = NumberFilters.Int,
        ["items"] = ValueFilters.Items,
        ["join"] = SequenceFilters.Join,
        ["last"] = SequenceFilters.Last,
        ["length"] = SequenceFilters.Length,
        ["list"] = SequenceFilters.List,
        ["lower"] = TextFilters.Lower,
        ["map"] = MappingFilters.Map,
        ["max"] = OrderFilters.Max,
        ["min"] = OrderFilters.Min,
        ["pprint"] = ValueFilters.PrettyPrint,
        ["random"] = SequenceFilters.Random,
        ["reject"] = MappingFilters.Reject,
        ["rejectattr"] = MappingFilters.RejectAttribute,
        ["replace"] = TextFilters.Replace,
        ["reverse"] = SequenceFilters.Reverse,
        ["round"] = NumberFilters.Round,
        ["safe"] = MarkupFilters.Safe,
        ["select"] = MappingFilters.Select,
        ["selectattr"] = MappingFilters.SelectAttribute,
        ["slice"] = SequenceFilters.Slice,
        ["sort"] = OrderFilters.Sort,
        ["string"] = TextFilters.String,
        ["striptags"] = MarkupFilters.StripTags,
        ["sum"] = SequenceFilters.Sum,
        ["title"] = TextFilters.Title,
        ["tojson"] = JsonFilter.Apply,
        ["trim"] = TextFilters.Trim,
        ["truncate"] = TextFilters.Truncate,
        ["unique"] = OrderFilters.Unique,
        ["upper"] = TextFilters.Upper,
        ["urlencode"] = MarkupFilters.UrlEncode,
        ["urlize"] = LineFilters.Urlize,
        ["wordcount"] = TextFilters.WordCount,
        ["wordwrap"] = LineFilters.WordWrap,
        ["xmlattr"] = MarkupFilters.XmlAttributes,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The filter <paramref name="name"/>; templates name it as they are parsed.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out JinjaFilter? filter) =>
        ByName.TryGetValue(name, out filter);
}
