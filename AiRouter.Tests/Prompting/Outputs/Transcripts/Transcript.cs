using System.Text;
using System.Text.Json;
using AiRouter.Prompting.Outputs;

namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>An answer as a model writes it, and what a client shall get of it.</summary>
/// <param name="Format">The parser of tool calls; null: none.</param>
/// <param name="Name">What is special about it.</param>
/// <param name="Answer">The model's text.</param>
/// <param name="Parts">What <see cref="RecordingSink.Parts"/> shall hold.</param>
public sealed record Transcript(string? Format, string Name, string Answer, params string[] Parts)
{
    /// <summary>The tools that all transcripts know.</summary>
    public static readonly string[] Tools = ["get_weather", "get_time", "search", "multiply", "sum_numbers",
            "send_mail"];

    /// <summary>Where the form is documented.</summary>
    public string Source { get; init; } = "";

    /// <summary>The parser of reasoning.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The request's tools with their schemas; empty: only names are known.</summary>
    public string ToolsJson { get; init; } = "";

    /// <summary>The prompt's end.</summary>
    public string PromptEnd { get; init; } = "";

    public IOutputParser Start()
    {
        var context = new OutputContext
        {
            ToolNames = Tools,
            Tools = ToolsJson.Length == 0 ? null : JsonSerializer.Deserialize<JsonElement>(ToolsJson),
            PromptEnd = Encoding.UTF8.GetBytes(PromptEnd),
        };
        return OutputParsers.Start(
            Format is null ? null : OutputParsers.ToolCalls[Format],
            Reasoning is null ? null : OutputParsers.Reasoning[Reasoning],
            context);
    }

    public override string ToString() => $"{Format ?? Reasoning}: {Name}";
}
