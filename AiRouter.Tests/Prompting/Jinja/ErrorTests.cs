using AiRouter.Prompting.Jinja;

namespace AiRouter.Tests.Prompting.Jinja;

/// <summary>Errors tell where, what, and what to do.</summary>
public sealed class ErrorTests
{
    [Fact]
    public void Syntax_error_tells_name_line_column_and_advice()
    {
        var failure = Render.Failure("first\n  {{ 'a' b }}\n");

        Assert.Equal(JinjaErrorKind.Syntax, failure.Kind);
        Assert.Equal(("test.jinja", 2, 10), (failure.TemplateName, failure.Line, failure.Column));
        Assert.Equal(
            "test.jinja, line 2, column 10: expected token 'end of print statement', got 'b'", failure.Message);
    }

    [Fact]
    public void Runtime_error_tells_where_and_what_to_do()
    {
        var failure = Render.Failure(
            "{% for m in messages %}\n{{ m.role + ': ' +\n   m.content }}\n{% endfor %}",
            """{"messages": [{"role": "user", "content": null}]}""");

        Assert.Equal(JinjaErrorKind.Runtime, failure.Kind);
        Assert.Equal("can only concatenate str (not \"NoneType\") to str", failure.Reason);
        Assert.Equal((2, 18), (failure.Line, failure.Column));
        Assert.Equal(
            "test.jinja, line 2, column 18: can only concatenate str (not \"NoneType\") to str. " +
            "The value is null in the request: test it first, or write (value or '').",
            failure.Message);
    }

    [Theory]
    [InlineData("{{ a.b }}", 1, 5, "'a' is undefined")]
    [InlineData("{% macro m() %}\n{{ a.b }}{% endmacro %}\n{{ m() }}", 2, 5, "'a' is undefined")]
    [InlineData("x\n{% set a, b = [1] %}", 2, 4, "not enough values to unpack (expected 2, got 1)")]
    [InlineData("x\n\n{% for a in 5 %}{% endfor %}", 3, 4, "'int' object is not iterable")]
    [InlineData("{{ 1 +\n2 * none }}", 2, 3, "unsupported operand type(s) for *: 'int' and 'NoneType'")]
    [InlineData("{{ [1].append(2) }}", 1, 14, "access to attribute 'append' of 'list' object is unsafe.")]
    [InlineData("{{ 'a'\n.split(1) }}", 2, 7, "must be str or None, not int")]
    public void Runtime_error_points_at_its_place(string template, int line, int column, string reason)
    {
        var failure = Render.Failure(template);

        Assert.Equal((reason, line, column), (failure.Reason, failure.Line, failure.Column));
    }

    [Fact]
    public void Refusal_is_told_from_failure()
    {
        var failure = Render.Failure("{{ raise_exception('Roles must alternate.') }}");

        Assert.Equal(JinjaErrorKind.Refused, failure.Kind);
        Assert.Equal("Roles must alternate.", failure.Reason);
    }

    [Theory]
    [InlineData("{% include 'x' %}")]
    [InlineData("{% import 'x' as y %}")]
    [InlineData("{% from 'x' import y %}")]
    [InlineData("{% extends 'x' %}")]
    [InlineData("{% block x %}{% endblock %}")]
    public void Other_templates_are_out_of_reach(string template)
    {
        var failure = Render.Failure(template);

        Assert.Equal(JinjaErrorKind.Syntax, failure.Kind);
        Assert.Contains("Put everything into this template.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_filter_in_a_branch_fails_only_when_it_runs()
    {
        Assert.Equal("b", Render.Text("{% if x %}{{ 1|nofilter }}{% else %}b{% endif %}"));
        Assert.Equal("No filter named 'nofilter'.", Render.Failure("{{ 1|nofilter }}").Reason);
    }
}
