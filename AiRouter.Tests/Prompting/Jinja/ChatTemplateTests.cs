using System.Text.Json;
using AiRouter.Prompting.Jinja;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Prompting.Jinja;

/// <summary>
/// Published chat templates, rendered by Jinja2 itself. The file lies beside the repository, as the models' templates have
/// licences of their own.
/// </summary>
public sealed class ChatTemplateTests
{
    private static readonly string? _file = Find();

    public static TheoryData<string> Templates()
    {
        using var document = Open();
        return [.. document is null
            ? ["none"]
            : document.RootElement.GetProperty("templates").EnumerateArray().Select(static t => t.GetProperty("name").GetString()!)];
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Template_renders_as_Jinja2_does(string name)
    {
        using var document = Open();
        Assert.SkipWhen(document is null, "There is no shared/data/chat-templates.json beside the repository.");
        var entry = document.RootElement.GetProperty("templates").EnumerateArray()
            .First(template => template.GetProperty("name").GetString() == name);
        var template = JinjaTemplate.Parse(entry.GetProperty("chat_template").GetString()!, name);
        foreach (var example in entry.GetProperty("cases").EnumerateArray())
        {
            Check(template, example);
        }
    }

    [Fact]
    public void All_renderings_are_there()
    {
        using var document = Open();
        Assert.SkipWhen(document is null, "There is no shared/data/chat-templates.json beside the repository.");
        Assert.Equal(179, document.RootElement.GetProperty("templates").EnumerateArray()
            .Sum(static template => template.GetProperty("cases").GetArrayLength()));
    }

    private static void Check(JinjaTemplate template, JsonElement example)
    {
        var title = example.GetProperty("case").GetString();
        var variables = Render.Variables(example.GetProperty("context"));
        if (example.TryGetProperty("expected", out var expected))
        {
            Assert.Equal((title, expected.GetString()), (title, Render.Text(template, variables)));
            return;
        }

        var failure = Assert.Throws<JinjaException>(() => Render.Text(template, variables));
        Assert.Equal((title, example.GetProperty("error").GetString()), (title, failure.Reason));
    }

    private static JsonDocument? Open() => _file is null ? null : JsonDocument.Parse(File.ReadAllBytes(_file));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(Checkout.Root).Parent; folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", "chat-templates.json");
            if (File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }
}
