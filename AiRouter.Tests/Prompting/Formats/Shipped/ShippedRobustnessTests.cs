using System.Text.Json;

namespace AiRouter.Tests.Prompting.Formats.Shipped;

/// <summary>What clients send besides the tidy: a shipped template never breaks on it.</summary>
public sealed class ShippedRobustnessTests
{
    public static TheoryData<string> Names => ShippedFormats.Names;

    public static TheoryData<string> NamesWithTools => ShippedFormats.NamesWithTools;

    [Theory]
    [MemberData(nameof(NamesWithTools))]
    public void Tool_without_description_and_parameters_is_shown(string name) =>
        Assert.Contains("lookup", Render(name, """
            "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Hi"}],
            "tools": [{"type": "function", "function": {"name": "lookup"}}]
            """), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(NamesWithTools))]
    public void Schemas_of_every_kind_are_shown(string name) =>
        Assert.Contains("lookup", Render(name, """
            "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Hi"}],
            "tools": [{"type": "function", "function": {"name": "lookup", "description": "D", "strict": true,
              "parameters": {"type": "object", "properties": {
                "a": {}, "b": {"type": ["string", "null"]}, "c": {"type": "array"}, "d": {"type": "object"},
                "e": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                "f": {"type": "object", "additionalProperties": true},
                "g": {"enum": [1, null]}, "h": {"$ref": "#/definitions/h"}, "items": {"type": "string"},
                "keys": {"type": "array", "items": {"type": "array", "items": {}}},
                "l": {"type": "integer", "default": 1}
              }, "additionalProperties": false}}}]
            """), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(NamesWithTools))]
    public void Arguments_as_text_are_shown(string name)
    {
        foreach (var arguments in new[] { "{\"city\": \"Paris\"}", "", "{\"city\": " })
        {
            var prompt = Render(name, $$"""
                "messages": [
                  {"role": "system", "content": "S"}, {"role": "user", "content": "Hi"},
                  {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "call00001", "type": "function",
                     "function": {"arguments": {{JsonSerializer.Serialize(arguments)}}, "name": "lookup"} }]},
                  {"role": "tool", "tool_call_id": "call00001", "content": "R"}
                ],
                "tools": [{"type": "function", "function": {"name": "lookup", "description": "D", "parameters": {} } }]
                """);
            Assert.Contains("lookup", prompt, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Members_that_are_null_count_as_absent(string name)
    {
        var with = Render(name, """
            "messages": [
              {"role": "user", "content": "Hi", "name": null},
              {"role": "assistant", "content": "Hello", "tool_calls": null, "reasoning_content": null, "name": null},
              {"role": "user", "content": "Bye", "name": null}
            ],
            "tools": null, "documents": null
            """);
        var without = Render(name, """
            "messages": [
              {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"},
              {"role": "user", "content": "Bye"}
            ]
            """);

        Assert.Equal(without, with);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Empty_list_of_tools_is_none(string name)
    {
        var messages = """ "messages": [{"role": "user", "content": "Hi"}] """;

        Assert.Equal(Render(name, messages), Render(name, messages + """, "tools": [] """));
    }

    private static string Render(string name, string members) =>
        new ShippedTemplate(name).Render($$"""{ {{members}}, "add_generation_prompt": true }""");
}
