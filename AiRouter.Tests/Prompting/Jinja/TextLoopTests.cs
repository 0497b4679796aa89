namespace AiRouter.Tests.Prompting.Jinja;

/// <summary>A loop over a text that has nothing to do with characters is skipped, and only such a one.</summary>
public sealed class TextLoopTests
{
    [Theory]
    [InlineData("{% for c in x %}{% if c['type'] == 'image' %}a{% endif %}{% endfor %}.", ".")]
    [InlineData("{% for c in x %}{% if c.type == 'image' %}a{% elif c is mapping and c.y %}b{% endif %}{% endfor %}.", ".")]
    [InlineData("{% for c in x %}{% if c['type'] != 'image' %}a{% endif %}{% endfor %}.", "aaa.")]
    [InlineData("{% for c in x %}{% if not c.type == 'image' %}a{% endif %}{% endfor %}.", "aaa.")]
    [InlineData("{% for c in x %}{% if c is string %}{{ c }}{% endif %}{% endfor %}.", "aö👋.")]
    [InlineData("{% for c in x %}{% if c.type is not defined %}{{ c }}{% endif %}{% endfor %}.", "aö👋.")]
    [InlineData("{% for c in x %}{% if c == 'a' %}{{ c }}{% endif %}{% endfor %}.", "a.")]
    [InlineData("{% for c in x %}{% if c.upper == 'a' or c.upper %}{{ c }}{% endif %}{% endfor %}.", "aö👋.")]
    [InlineData("{% for c in x %}{% if c['type'] == 'image' %}a{% else %}b{% endif %}{% endfor %}.", "bbb.")]
    [InlineData("{% for c in x %}{% if c['type'] == 'image' %}a{% endif %}{% else %}e{% endfor %}.", ".")]
    [InlineData("{% for c in '' %}{% if c['type'] == 'image' %}a{% endif %}{% else %}e{% endfor %}.", "e.")]
    [InlineData("{% for c in x %}{% if c['type'] == 'image' %}a{% endif %}-{% endfor %}.", "---.")]
    [InlineData("{% for c in x %}{% if y['type'] == 'image' %}a{% endif %}{% endfor %}.", "aaa.")]
    [InlineData("{% for c in [y] %}{% if c['type'] == 'image' %}a{% endif %}{% endfor %}.", "a.")]
    [InlineData("{% for c in x %}{% if no.y and c.type == 'image' %}a{% endif %}{% endfor %}.", ".")]
    public void Loop_over_text_does_what_Jinja2_does(string template, string expected)
    {
        Assert.Equal(expected, Render.Text(template, """{"x": "aö👋", "y": {"type": "image"}, "no": {}}"""));
    }

    [Fact]
    public void Loop_over_text_that_would_fail_fails()
    {
        Assert.Equal(
            "'no' is undefined",
            Render.Failure("{% for c in 'ab' %}{% if no.y and c.type == 'image' %}{% endif %}{% endfor %}").Reason);
    }
}
