using System.Buffers;
using System.Text;
using System.Text.Json;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Tests.Prompting.Jinja;

/// <summary>Renders templates in one line.</summary>
internal static class Render
{
    /// <summary>The time of all goldens.</summary>
    public static JinjaOptions Options { get; } = new() { Now = new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero) };

    public static string Text(string template, string variables = "{}", JinjaOptions? options = null) =>
        Text(JinjaTemplate.Parse(template, "test.jinja"), Variables(variables), options);

    public static string Text(JinjaTemplate template, JinjaDict variables, JinjaOptions? options = null)
    {
        var output = new ArrayBufferWriter<byte>();
        template.Render(variables, output, options ?? Options);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static JinjaException Failure(string template, string variables = "{}", JinjaOptions? options = null) =>
        Assert.Throws<JinjaException>(() => Text(template, variables, options));

    public static JinjaDict Variables(string json) => Variables(JsonDocument.Parse(json).RootElement);

    public static JinjaDict Variables(JsonElement json)
    {
        var variables = new JinjaDict();
        foreach (var property in json.EnumerateObject())
        {
            variables.Set(property.Name, JinjaValue.FromJson(property.Value));
        }

        return variables;
    }
}
