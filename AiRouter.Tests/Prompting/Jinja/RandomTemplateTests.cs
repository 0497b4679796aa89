using AiRouter.Prompting.Jinja;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiRouter.Tests.Prompting.Jinja;

/// <summary>Whatever a template is, it ends, and fails with nothing but a <see cref="JinjaException"/>.</summary>
public sealed class RandomTemplateTests
{
    private const string Variables =
        """
        {"a": 1, "b": "text", "c": null, "x": [1, "two", [3]], "d": {"a": "b", "items": 2}, "t": true, "f": 1.5,
         "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": null}]}
        """;

    private static readonly JinjaOptions _options = Render.Options with
    {
        Limits = new JinjaLimits { Steps = 100_000, OutputBytes = 1 << 20, WorkingSize = 1 << 22, Depth = 50 },
    };

    private static readonly string[] _pieces =
    [
        "{{ ", " }}", "{{- ", " -}}", "{% ", " %}", "{%- ", " -%}", "{# ", " #}", "{% raw %}", "{% endraw %}", "\n", "  ", "text", "é👋",
        "{% if a %}", "{% elif b %}", "{% else %}", "{% endif %}", "{% for i in x %}", "{% for k, v in d.items() %}", "{% endfor %}",
        "{% for i in x recursive %}", "{{ loop(x) }}", "{{ loop.index }}", "{% break %}", "{% continue %}", "{% set a = b %}",
        "{% set x %}", "{% endset %}", "{% set ns = namespace(a=1) %}", "{% set ns.a = ns.a + 1 %}", "{% macro m(a, b=1) %}",
        "{% endmacro %}", "{{ m(1) }}", "{% call m(1) %}", "{{ caller() }}", "{% endcall %}", "{% filter upper %}", "{% endfilter %}",
        "{% with a = 1 %}", "{% endwith %}", "{% generation %}", "{% endgeneration %}", "{% for m in messages %}{{ m.content }}{% endfor %}",
    ];

    private static readonly string[] _operands =
    [
        "a", "b", "c", "x", "d", "t", "f", "u", "messages", "1", "0", "-1", "2.5", "'s'", "''", "none", "true", "[]", "[1, 'a']", "{}",
        "{'k': x}", "(1, b)", "range(3)", "namespace(a=1)", "dict(a=1)", "99999999999999999999", "x[0]", "d.a", "d['a']", "x[1:]", "b[::-1]",
        "messages[0].role", "b.upper()", "b.split('e')", "d.items()", "cycler(1, 2)", "joiner()", "'%s'",
    ];

    private static readonly string[] _operators =
    [
        " + ", " - ", " * ", " / ", " // ", " % ", " ** ", " ~ ", " == ", " != ", " < ", " >= ", " in ", " not in ", " and ", " or ", " if ",
        " if t else ", ", ",
    ];

    private static readonly string[] _suffixes =
    [
        "", "", "", "|length", "|join(',')", "|upper", "|tojson", "|list", "|first", "|int", "|string", "|sort", "|default('x')", "|map('upper')",
        "|selectattr('role')|list", "|trim", "|replace('e', b)", "|items|list", "|indent(2)", "|batch(2)|list", "|round(2)", "|format(1)",
        " is defined", " is string", " is mapping", " is in x", " is divisibleby 2", ".a", "[0]", "['a']", "[-1:]", "()", "(1)", "(*x)", "(**d)",
    ];

    [Property(MaxTest = 600)]
    public Property Shuffled_tags_end() => Prop.ForAll(
        Gen.Elements(_pieces).ArrayOf().Select(string.Concat).ToArbitrary(), EndsWell);

    [Property(MaxTest = 1_500)]
    public Property Random_expressions_end() => Prop.ForAll(Expressions().ToArbitrary(), EndsWell);

    [Property(MaxTest = 500)]
    public Property Any_text_ends() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<string>().Select(static text => $"{{{{ {text} }}}} {{% {text} %}} {text}").ToArbitrary(), EndsWell);

    [Property(MaxTest = 500)]
    public Property Changed_templates_end() => Prop.ForAll(
        (from template in Expressions()
         from at in Gen.Choose(0, 1_000)
         from length in Gen.Choose(0, 4)
         from piece in Gen.Elements(_pieces)
         let start = at % (template.Length + 1)
         select template.Remove(start, Math.Min(length, template.Length - start)).Insert(start, piece)).ToArbitrary(),
        EndsWell);

    private static Gen<string> Expressions()
    {
        var operand = from text in Gen.Elements(_operands)
                      from suffix in Gen.Elements(_suffixes)
                      select text + suffix;
        var pair = from left in operand
                   from kind in Gen.Elements(_operators)
                   from right in operand
                   select left + kind + right;
        var expression = from left in pair
                         from kind in Gen.Elements(_operators)
                         from right in pair
                         from suffix in Gen.Elements(_suffixes)
                         select $"({left}){suffix}{kind}{right}";
        return from value in Gen.OneOf(operand, pair, expression)
               from form in Gen.Elements(
                   "{{{{ {0} }}}}", "{{% set y = {0} %}}{{{{ y }}}}", "{{% for i in {0} %}}{{{{ i }}}}{{% endfor %}}",
                   "{{% if {0} %}}a{{% endif %}}", "{{% for i, j in {0} %}}{{{{ i ~ j }}}}{{% endfor %}}",
                   "{{% macro m(a={0}) %}}{{{{ a }}}}{{% endmacro %}}{{{{ m() }}}}")
               select string.Format(System.Globalization.CultureInfo.InvariantCulture, form, value);
    }

    private static bool EndsWell(string template)
    {
        try
        {
            Render.Text(template, Variables, _options);
        }
        catch (JinjaException exception)
        {
            return exception.Line > 0 && exception.Column > 0 && exception.Message.Contains(exception.Reason, StringComparison.Ordinal);
        }

        return true;
    }
}
