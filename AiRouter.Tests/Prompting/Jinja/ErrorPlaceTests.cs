using AiRouter.Prompting.Jinja;

namespace AiRouter.Tests.Prompting.Jinja;

/// <summary>Wherever in a template something fails, the error names the line and the column where it stands.</summary>
public sealed class ErrorPlaceTests
{
    // What fails, with ^ before the place that is named.
    private static readonly string[] _failing =
    [
        "{{ raise_exception^('no') }}",
        "{% set y = raise_exception^('no') %}",
        "{{ nothing^.at_all }}",
        "{{ nothing^['x'] }}",
        "{{ nothing^(1) }}",
        "{{ 'a' ^+ 1 }}",
        "{{ 1 ^- 'a' }}",
        "{{ 1 if 2 ^< 'a' }}",
        "{{ 'a' | ^int(1, 2, 3, 4) }}",
        "{{ 5 ^is divisibleby(0) }}",
        "{{ 'x'.nope^() }}",
        "{{ 'x'.split^(1) }}",
        "{% ^for z in 5 %}{% endfor %}",
        "{% ^set y, z = [1] %}",
        "{% for y in [1, 2] if y ^> 'a' %}{% endfor %}",
        "{{ [1, 2]^['a':] }}",
        "{{ fails^('x') }}",
        "{% set b %}{{ raise_exception^('no') }}{% endset %}",
        "{% filter upper %}{{ 1 ^+ none }}{% endfilter %}",
        "{{ ^-none }}",
    ];

    // What runs well before and around it; @ is where it stands.
    private static readonly string[] _around =
    [
        "@",
        "text\n{{ 1 + 1 }}\n@\nmore {{ 2 }}",
        "{% set a = [1, 2]|map('string')|list %}\n{% for i in a %}{{ i ~ 'x' }}{% endfor %}\n\n  @",
        "{% for i in [1] %}\n{{ loop.index }} {{ i }}\n@\n{% endfor %}",
        "{% if true %}\n{% set c = 'x'.upper() %}\n@{% endif %}",
        "{% macro m(x) %}\n{{ x.role }}\n@\n{% endmacro %}\n{{ 'é👋' }}{{ m({'role': 1}) }}",
        "{% macro m(x) %}{{ caller() }}{% endmacro %}\n{% call m(1) %}\n@{% endcall %}",
        "{% set b %}{% for i in range(3) %}{{ i }}{% endfor %}{% endset %}\n{{ b }}@",
        "{% for i in [[1]] recursive %}\n{{ loop.depth }}\n@{% endfor %}",
        "{% with q = 1 %}\n{% generation %}@{% endgeneration %}{% endwith %}",
        "{# a comment\nof lines #}\n{%- set ns = namespace(x=1) -%}\n{% set ns.x = 2 %}\n    @",
    ];

    [Fact]
    public void Every_failure_names_its_line_and_column()
    {
        foreach (var (around, failing) in _around.SelectMany(a => _failing.Select(f => (a, f))))
        {
            var marked = around.Replace("@", failing, StringComparison.Ordinal);
            var at = marked.IndexOf('^', StringComparison.Ordinal);
            var before = marked[..at];
            var expected = (Line: before.Count(c => c == '\n') + 1, Column: at - before.LastIndexOf('\n'));

            var failure = Render.Failure(marked.Remove(at, 1));

            Assert.True(expected == (failure.Line, failure.Column), $"{marked}\nexpected {expected}: {failure.Message}");
        }
    }

    [Theory]
    [InlineData("{{ 1 }}\n{% for x in ['a', 1]|map('nofilter') %}\n{{ x }}{% endfor %}", 2)]
    [InlineData("{{ 1 }}\n{% for x in [1, 'a']|map('abs') %}\n{% set y = x %}{% endfor %}", 2)]
    [InlineData("{{ 1 }}\n{% for a, b in [[1, 2], [3]] if a %}\n{% set y = a %}{% endfor %}", 2)]
    [InlineData("{{ 1 }}\n{% for x in [1, 'a']|map('abs') %}\n\n{{ loop.last }}{% endfor %}", 4)]
    [InlineData("{% set n = 9 ** 4900 %}\n\n{{ 'a' ~\n n }}", 3)]
    [InlineData("{% set n = 9 ** 4900 %}\n\n{{ n }}", 3)]
    public void What_is_made_late_is_told_where_it_is_wanted(string template, int line)
    {
        Assert.Equal(line, Render.Failure(template).Line);
    }

    [Theory]
    [InlineData("a\nb{% for x in range(99999) %}{% endfor %}", 2, 5)]
    [InlineData("{{ 1 }}\n{% for x in range(9999) %}\n{% for y in range(9999) %}{% endfor %}{% endfor %}", 3, 4)]
    [InlineData("{% macro f() %}\n{{ f() }}{% endmacro %}{{ f() }}", 2, 5)]
    [InlineData("{{ 1 }}\n\n{{ 'a' * 99999 }}", 3, 8)]
    [InlineData("{% for x in range(1000) %}{{ x }}0123456789\n{# long #}012345678901234567890{% endfor %}", 1, 34)]
    public void Limit_is_told_where_it_is_reached(string template, int line, int column)
    {
        var limits = new JinjaLimits { Steps = 50_000, OutputBytes = 2_000, WorkingSize = 200_000 };

        var failure = Render.Failure(template, options: Render.Options with { Limits = limits });

        Assert.Equal((JinjaErrorKind.Limit, line, column), (failure.Kind, failure.Line, failure.Column));
    }
}
