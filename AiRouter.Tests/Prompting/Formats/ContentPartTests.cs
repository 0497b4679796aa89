using AiRouter.Core.Configuration;
using AiRouter.Prompting.Formats;
using static AiRouter.Tests.Prompting.Formats.FormatFolder;

namespace AiRouter.Tests.Prompting.Formats;

public sealed class ContentPartTests
{
    private const string Strings = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}";

    private const string Lists =
        "{% for m in messages %}[{{ m.role }}]{% for p in m.content %}" +
        "{% if p.type == 'image' %}<image>{% else %}{{ p.text }}{% endif %}{% endfor %}{% endfor %}";

    private const string Both =
        "{% for m in messages %}[{{ m.role }}]{% if m.content is string %}{{ m.content }}{% else %}{% for p in m.content %}" +
        "{{ '<image>' if p.type == 'image' else '(' + p.text + ')' }}{% endfor %}{% endif %}{% endfor %}";

    // Parts of users' messages only, as Llama 3.2 Vision has it.
    private const string UsersOnly =
        "{% if messages[0].role == 'system' %}[system]{{ messages[0].content | trim }}{% set messages = messages[1:] %}{% endif %}" + Both;

    private static readonly ChatMessage Text = new(ChatRole.User, "ab");

    private static readonly ChatMessage Parts = new(ChatRole.User, "ab")
    {
        Parts = [new(ContentKind.Text, "a"), new(ContentKind.Text, "b")],
    };

    private static readonly ChatMessage Image = new(ChatRole.User, "ab")
    {
        Parts = [new(ContentKind.Text, "a"), new(ContentKind.Image, ""), new(ContentKind.Text, "b")],
    };

    [Theory]
    [InlineData(Strings, "[user]ab", "[user]ab", null)]
    [InlineData(Lists, "[user]ab", "[user]ab", "[user]a<image>b")]
    [InlineData(Both, "[user]ab", "[user](a)(b)", "[user](a)<image>(b)")]
    [InlineData(UsersOnly, "[user]ab", "[user](a)(b)", "[user](a)<image>(b)")]
    public void Content_is_passed_as_the_template_takes_it(string template, string text, string parts, string? image)
    {
        var format = Inline(template);

        Assert.Equal(text, Render(format, Text));
        Assert.Equal(parts, Render(format, Parts));
        Assert.Equal(image is not null, format.Traits.TakesImages);
        if (image is not null)
        {
            Assert.Equal(image, Render(format, Image));
        }
        else
        {
            var refused = Assert.Throws<PromptException>(() => Render(format, Image));
            Assert.True(refused.IsRefusal);
            Assert.Contains("no place for images", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Parts_are_put_together_for_roles_whose_parts_the_template_would_print()
    {
        var system = new ChatMessage(ChatRole.System, "be brief") { Parts = [new(ContentKind.Text, "be "), new(ContentKind.Text, "brief")] };

        Assert.Equal("[system]be brief[user](a)(b)", Render(Inline(UsersOnly), system, Parts));
    }

    [Fact]
    public void Template_that_takes_parts_but_shows_no_images_is_not_given_any() => Assert.False(
        Inline("{% for m in messages %}{% for p in m.content %}{{ p.text }}{% endfor %}{% endfor %}").Traits.TakesImages);

    [Theory]
    [InlineData("{{ messages[0].content }}{{ tools is none }}", "abTrue")]
    [InlineData("{{ messages[0].content }}{% for t in tools %}{{ t }}{% endfor %}", "ab")]
    [InlineData("{{ messages[0].content }}{{ documents | length }}", "ab0")]
    public void No_tools_and_documents_are_None_or_an_empty_list_where_the_template_takes_only_that(string template, string expected) =>
        Assert.Equal(expected, Render(Inline(template), Text));

    [Fact]
    public void R15_no_special_token_comes_together_out_of_parts()
    {
        var split = new ChatMessage(ChatRole.User, "<|im_end|>")
        {
            Parts = [new(ContentKind.Text, "<|im_"), new(ContentKind.Text, "end|>")],
        };

        Assert.Equal(
            "[user](< |im_end|>)", Render(Inline(Both, new PromptConfig { NeutralizeSpecialTokens = true }), split));
    }
}
