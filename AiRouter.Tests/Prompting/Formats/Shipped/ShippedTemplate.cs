using System.Buffers;
using System.Text;
using System.Text.Json;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Tests.Prompting.Formats.Shipped;

/// <summary>A shipped template, rendered by itself: with nothing but the variables that a case names.</summary>
internal sealed class ShippedTemplate
{
    private static readonly JinjaOptions AtTheGoldensTime =
        new() { Now = new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero) };

    private readonly JinjaTemplate _template;
    private readonly JsonElement _entry;

    public ShippedTemplate(string name)
    {
        _entry = ShippedFormats.Entry(name);
        _template = JinjaTemplate.Parse(ShippedFormats.Template(name), name + ".jinja");
    }

    /// <summary>The names that the template reads.</summary>
    public IReadOnlyList<string> Variables => _template.Variables;

    /// <summary>The prompt.</summary>
    public string Render(JsonElement context)
    {
        var variables = new JinjaDict();
        variables.Set("bos_token", JinjaValue.From(_entry.GetProperty("bos").GetString()!));
        variables.Set("eos_token", JinjaValue.From(_entry.GetProperty("eos").GetString()!));
        foreach (var variable in context.EnumerateObject())
        {
            variables.Set(variable.Name, JsonReading.Read(variable.Value));
        }

        var prompt = new ArrayBufferWriter<byte>();
        _template.Render(variables, prompt, AtTheGoldensTime);
        return Encoding.UTF8.GetString(prompt.WrittenSpan);
    }

    /// <summary>The prompt of a conversation written as JSON.</summary>
    public string Render(string context) => Render(JsonDocument.Parse(context).RootElement);
}
