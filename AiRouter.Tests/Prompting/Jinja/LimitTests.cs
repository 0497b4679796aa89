using System.Text;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Tests.Prompting.Jinja;

/// <summary>No template runs for ever, fills the memory or breaks the stack.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")]
    [InlineData("{% macro f() %}{% for i in range(9) %}{{ f() }}{% endfor %}{% endmacro %}{{ f() }}")]
    [InlineData("{% set ns = namespace(x='aaaaaaaaaa') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x='aaaaaaaaaa') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}")]
    [InlineData("{{ 'a' * 999999999999 }}")]
    [InlineData("{% for a in range(99999) %}{{ 'a' * 99999 }}{% endfor %}")]
    [InlineData("{% set x %}{% for a in range(99999) %}{{ 'a' * 99999 }}{% endfor %}{% endset %}")]
    [InlineData("{{ [0] * 999999999 }}")]
    [InlineData("{{ ('a' * 9999).replace('', 'b' * 99999) }}")]
    [InlineData("{{ '%999999999d' % 1 }}")]
    [InlineData("{{ 'a'.center(999999999) }}")]
    [InlineData("{{ 'a'|center(999999999) }}")]
    [InlineData("{{ ('\n' * 99999)|indent(99999, blank=true) }}")]
    [InlineData("{{ ([[[1]]] * 9999)|tojson(indent=99999) }}")]
    [InlineData("{{ '{:>999999999}'.format(1) }}")]
    [InlineData("{{ [1]|batch(999999999, 0)|list }}")]
    [InlineData("{{ (9999 ** 9999) ** 9999 }}")]
    public void Runaway_template_is_stopped(string template)
    {
        var limits = new JinjaLimits { Steps = 1_000_000, OutputBytes = 1 << 20, WorkingSize = 1 << 21 };

        var failure = Render.Failure(template, options: Render.Options with { Limits = limits });

        Assert.NotEqual(JinjaErrorKind.Syntax, failure.Kind);
    }

    [Fact]
    public void Steps_are_counted()
    {
        var options = Render.Options with { Limits = new JinjaLimits { Steps = 100 } };

        Assert.Equal("0123456789", Render.Text("{% for i in range(10) %}{{ i }}{% endfor %}", options: options));
        var failure = Render.Failure("{% for i in range(1000) %}{{ i }}{% endfor %}", options: options);
        Assert.Equal(JinjaErrorKind.Limit, failure.Kind);
        Assert.Contains("more than 100 steps", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_ends_at_its_limit()
    {
        var options = Render.Options with { Limits = new JinjaLimits { OutputBytes = 10 } };

        Assert.Equal("ääääx", Render.Text("äää{{ 'ä' }}x", options: options)[..5]);
        Assert.Equal(JinjaErrorKind.Limit, Render.Failure("ääää{{ 'ä' }}x", options: options).Kind);
        Assert.Equal(JinjaErrorKind.Limit, Render.Failure("{% set x %}0123456789x{% endset %}", options: options).Kind);
    }

    [Theory]
    [InlineData("{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}")]
    [InlineData("{% macro f(n) %}{% set x = f(n + 1) %}{% endmacro %}{{ f(0) }}")]
    [InlineData("{% macro f() %}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}{{ f() }}")]
    [InlineData("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}")]
    public void Recursion_ends(string template)
    {
        Assert.Equal(JinjaErrorKind.Limit, Render.Failure(template).Kind);
    }

    [Theory]
    [InlineData("{{ X(1)X }}", "(", ")")]
    [InlineData("{{ X1X }}", "[", "]")]
    [InlineData("{{ X1X }}", "{1: ", "}")]
    [InlineData("{{ X1 }}X", "-", "")]
    [InlineData("{{ X1 }}X", "not ", "")]
    [InlineData("{{ 1X }}X", "+ 1 ", "")]
    [InlineData("{{ 1X }}X", "- 1 ", "")]
    [InlineData("{{ 1X }}X", "** 1 ", "")]
    [InlineData("{{ 1X }}X", "or 1 ", "")]
    [InlineData("{{ aX }}X", ".a", "")]
    [InlineData("{{ aX }}X", "[0]", "")]
    [InlineData("{{ aX }}X", "()", "")]
    [InlineData("{{ aX }}X", "|trim", "")]
    [InlineData("{{ 1X }}X", " if 1 else 1", "")]
    [InlineData("XX", "{% if 1 %}", "{% endif %}")]
    [InlineData("XX", "{% for i in [1] %}", "{% endfor %}")]
    [InlineData("XX", "{% macro m() %}", "{% endmacro %}")]
    public void Deep_nesting_is_refused_not_fatal(string template, string open, string close)
    {
        foreach (var depth in (int[])[50, 499, 5_000, 20_000])
        {
            var parts = template.Split('X');
            var text = parts[0] + string.Concat(Enumerable.Repeat(open, depth)) + parts[1] +
                string.Concat(Enumerable.Repeat(close, depth)) + parts[^1];
            try
            {
                Render.Text(text);
            }
            catch (JinjaException)
            {
                Assert.True(depth > 40);
            }
        }
    }

    [Fact]
    public void Values_inside_each_other_are_refused_not_fatal()
    {
        // Deep enough for the smallest frames that a compiler makes of a visit, on a stack of 8 MB.
        const string nest =
            "{% set ns = namespace(x=[]) %}{% for j in range(5) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}{% endfor %}";

        foreach (var use in (string[])["{{ ns.x }}", "{{ ns.x|tojson }}", "{{ ns.x == [ns.x] }}", "{{ ns.x|string }}"])
        {
            Assert.NotEqual(JinjaErrorKind.Syntax, Render.Failure(nest + use).Kind);
        }
    }

    [Fact]
    public void Conversation_of_100_000_tokens_passes()
    {
        var content = string.Concat(Enumerable.Repeat("word ", 100));
        var messages = Enumerable.Range(0, 1_000)
            .Select(i => JinjaValue.From(new JinjaDict().Set("role", JinjaValue.From(i % 2 == 0 ? "user" : "assistant"))
                .Set("content", JinjaValue.From(content))))
            .ToArray();
        var template = JinjaTemplate.Parse(
            "{% for m in messages %}{{ '<' + m['role'] + '>' + m['content'] | trim }}\n{% endfor %}", "test.jinja");

        var text = Render.Text(template, new JinjaDict().Set("messages", JinjaValue.List(messages)), JinjaOptions.Default);

        Assert.True(Encoding.UTF8.GetByteCount(text) > 500_000);
    }

    [Fact]
    public void Range_is_bounded()
    {
        Assert.Equal("100000", Render.Text("{{ range(100000)|length }}"));
        Assert.StartsWith("Range too big.", Render.Failure("{{ range(100001) }}").Reason, StringComparison.Ordinal);
    }
}
