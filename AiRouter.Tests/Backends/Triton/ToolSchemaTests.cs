using System.Text.Json;
using AiRouter.Api.Backends.Triton.Requests;

namespace AiRouter.Tests.Backends.Triton;

public sealed class ToolSchemaTests
{
    private const string Open = """{"type":"object","properties":{"a":{"type":"integer"}}}""";

    [Fact]
    public void Several_calls_are_a_list_of_any_of_the_functions()
    {
        var schema = Schema(
            new ToolRequest { Functions = [Function("f", Open), Function("g", null)], IsRequired = true });

        Assert.Equal("array", schema.GetProperty("type").GetString());
        Assert.Equal(1, schema.GetProperty("minItems").GetInt32());
        var calls = schema.GetProperty("items").GetProperty("anyOf");
        Assert.Equal(["f", "g"], calls.EnumerateArray().Select(NameOf));
        Assert.True(JsonElement.DeepEquals(ArgumentsOf(calls[0]), JsonDocument.Parse(Open).RootElement));
        Assert.Equal(
            """{"type":"object","properties":{},"additionalProperties":false}""", ArgumentsOf(calls[1]).GetRawText());
    }

    [Fact]
    public void Named_function_is_its_arguments_alone()
    {
        var schema = Schema(new ToolRequest { Functions = [Function("f", null), Function("g", Open)], Named = "g" });

        Assert.Equal(Open, schema.GetRawText());
    }

    [Fact]
    public void Named_function_whose_schema_leaves_the_type_open_takes_an_object()
    {
        var schema = Schema(new ToolRequest { Functions = [Function("f", """{"properties":{"a":{}}}""")], Named = "f" });

        Assert.Equal("""{"properties":{"a":{}},"type":"object"}""", schema.GetRawText());
    }

    [Fact]
    public void Client_that_takes_one_call_gets_one()
    {
        var schema = Schema(
            new ToolRequest { Functions = [Function("f", Open), Function("g", Open)], IsParallel = false });

        Assert.Equal(["f", "g"], schema.GetProperty("anyOf").EnumerateArray().Select(NameOf));
    }

    [Fact]
    public void References_point_to_where_their_targets_are_in_the_whole()
    {
        const string Tree =
            """
            {"type":"object","properties":
             {"root":{"$ref":"#/$defs/node"},"self":{"$ref":"#"},"a":{"$ref":"#/properties/root"},
             "far":{"$ref":"https://example.org/x"}},"$defs":{"node":{"type":"array","items":{"$ref":"#/$defs/node"}}}}
            """;
        var schema = Schema(
            new ToolRequest { Functions = [Function("f", Open), Function("g", Tree)], IsRequired = true });
        var arguments = ArgumentsOf(schema.GetProperty("items").GetProperty("anyOf")[1]);

        Assert.Equal("#/$defs/f1_node", RefOf(arguments, "root"));
        Assert.Equal("#/$defs/f1", RefOf(arguments, "self"));
        Assert.Equal("#/$defs/f1/properties/root", RefOf(arguments, "a"));
        Assert.Equal("https://example.org/x", RefOf(arguments, "far"));
        Assert.False(arguments.TryGetProperty("$defs", out _));
        var definitions = schema.GetProperty("$defs");
        var items = definitions.GetProperty("f1_node").GetProperty("items");
        Assert.Equal("#/$defs/f1_node", items.GetProperty("$ref").GetString());
        Assert.Equal("#/$defs/f1_node", RefOf(definitions.GetProperty("f1"), "root"));
    }

    private static string RefOf(JsonElement arguments, string name) =>
        arguments.GetProperty("properties").GetProperty(name).GetProperty("$ref").GetString()!;

    private static string NameOf(JsonElement call) =>
        call.GetProperty("properties").GetProperty("name").GetProperty("enum")[0].GetString()!;

    private static JsonElement ArgumentsOf(JsonElement call) => call.GetProperty("properties").GetProperty("arguments");

    private static ToolFunction Function(string name, string? schema) =>
        new(name, schema is null ? null : JsonDocument.Parse(schema).RootElement);

    private static JsonElement Schema(ToolRequest tools) => JsonDocument.Parse(ToolSchema.For(tools).Guide).RootElement;
}
