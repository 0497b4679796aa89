using AiRouter.Prompting.Jinja.Values;
using FsCheck;
using FsCheck.Fluent;

namespace AiRouter.Tests.Prompting.Jinja.Values;

/// <summary>Random values as JSON has them, nested a few levels.</summary>
public static class AnyValue
{
    private static readonly string[] Pieces =
    [
        "a", "B", " ", "\n", "é", "😀", "'", "\"", "\\", "\u2028", "\0", "<", "{", "}", "%", "s", "1", "ß", "\u0301",
        "role",
    ];

    public static Arbitrary<JinjaValue> Values => Of(3).ToArbitrary();

    public static Gen<string> Texts => Gen.Elements(Pieces).ArrayOf().Select(string.Concat);

    private static Gen<JinjaValue> Of(int depth)
    {
        var scalar = Gen.OneOf(
            Gen.Elements(JinjaValue.None, JinjaValue.True, JinjaValue.False),
            ArbMap.Default.GeneratorFor<int>().Select(i => JinjaValue.From(i)),
            ArbMap.Default.GeneratorFor<long>().Select(JinjaValue.From),
            ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(JinjaValue.From),
            Texts.Select(t => JinjaValue.From(t)));
        if (depth == 0)
        {
            return scalar;
        }

        var inner = Of(depth - 1);
        var list = inner.ArrayOf(3).Select(JinjaValue.List);
        var dict = Gen.Zip(Texts, inner).ArrayOf(3).Select(pairs =>
        {
            var result = new JinjaDict();
            foreach (var (key, value) in pairs)
            {
                result.Set(key, value);
            }

            return JinjaValue.From(result);
        });
        return Gen.OneOf(scalar, list, dict);
    }
}
