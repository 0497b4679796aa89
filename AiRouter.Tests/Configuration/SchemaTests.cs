using System.Text.Json.Nodes;
using AiRouter.Core.Configuration.Schema;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Configuration;

public sealed class SchemaTests
{
    [Fact]
    public void Schema_in_docs_is_the_one_of_the_records()
    {
        var generated = new JsonSchemaGenerator(XmlDocumentation.Load()).Generate();
        var file = Path.Combine(Checkout.Root, "docs", "airouter.schema.json");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, generated);
        }

        Assert.Equal(File.ReadAllText(file), generated);
    }

    [Fact]
    public void Schema_and_validation_have_the_same_ranges()
    {
        var schema = JsonNode.Parse(Checkout.Read("docs/airouter.schema.json"))!;
        var connections = schema["$defs"]!["backend"]!["properties"]!["connections"]!;
        var least = connections["minimum"]!.GetValue<int>();
        var most = connections["maximum"]!.GetValue<int>();

        Assert.Empty(Loading(least));
        Assert.Empty(Loading(most));
        Assert.Single(Loading(least - 1), p => p.Contains($"must be from {least} to {most}", StringComparison.Ordinal));
        Assert.Single(Loading(most + 1), p => p.Contains("backends.a.connections", StringComparison.Ordinal));

        static IEnumerable<string> Loading(int connections) => AiRouter.Core.Configuration.RouterConfigurationLoader.LoadYaml($$"""
            backends: { a: { kind: triton, url: http://a, connections: {{connections}} } }
            models: { m: { targets: [ { backend: a } ] } }
            """).Problems.Select(p => p.ToString());
    }

    [Fact]
    public void Choice_of_two_words_is_read_and_written_alike()
    {
        var load = AiRouter.Core.Configuration.RouterConfigurationLoader.LoadYaml("""
            backends: { a: { kind: openai, url: http://a } }
            models: { m: { reasoningOutput: reasoningContent, targets: [ { backend: a } ] } }
            store: { mode: readOnly }
            """);

        Assert.Empty(load.Problems);
        Assert.Equal(AiRouter.Core.Configuration.StoreMode.ReadOnly, load.Model!.Config.Store.Mode);
        var written = System.Text.Encoding.UTF8.GetString(AiRouter.Core.Configuration.Writing.DocumentWriter.ToJson(load.Model.Config));
        Assert.Contains("\"readOnly\"", written, StringComparison.Ordinal);
    }
}
