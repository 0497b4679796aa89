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

    /// <summary>The documentation writes them as code; what it writes must be what is read.</summary>
    [Fact]
    public void Choices_are_written_as_the_documentation_has_them()
    {
        var text = Checkout.Read("docs/configuration.md");
        var missing = AllShapes(Shapes.Document, []).OfType<ScalarShape>().SelectMany(s => s.Names).Distinct()
            .Where(n => !text.Contains($"`{n}`", StringComparison.Ordinal));

        Assert.Empty(missing);
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

    private static IEnumerable<Shape> AllShapes(Shape shape, HashSet<Type> seen) => shape switch
    {
        RecordShape record => seen.Add(record.Type) ? record.Members.SelectMany(m => AllShapes(m.Shape, seen)) : [],
        MapShape map => AllShapes(map.Value, seen),
        ListShape list => AllShapes(list.Item, seen),
        _ => [shape],
    };

    [Fact]
    public void Documentation_names_every_key_and_default()
    {
        var text = Checkout.Read("docs/configuration.md");
        var missing = new List<string>();
        Visit(Shapes.Document, []);
        Assert.Empty(missing);

        void Visit(Shape shape, HashSet<Type> seen)
        {
            switch (shape)
            {
                case RecordShape record when seen.Add(record.Type):
                    foreach (var member in record.Members)
                    {
                        Check(record, member);
                        Visit(member.Shape, seen);
                    }

                    break;
                case MapShape map:
                    Visit(map.Value, seen);
                    break;
                case ListShape list:
                    Visit(list.Item, seen);
                    break;
            }
        }

        void Check(RecordShape record, RecordMember member)
        {
            var row = text.Split('\n').Where(l => l.StartsWith($"| `{member.Name}`", StringComparison.Ordinal)).ToList();
            if (row.Count == 0 && !text.Contains($"\n## `{member.Name}`", StringComparison.Ordinal))
            {
                missing.Add($"{record.Type.Name}.{member.Name}");
            }
            else if (member.Default is int or double or string or true &&
                !row.Any(r => r.Contains($"| `{Convert.ToString(member.Default, System.Globalization.CultureInfo.InvariantCulture)!.ToLowerInvariant()}` |", StringComparison.Ordinal)))
            {
                missing.Add($"the default of {record.Type.Name}.{member.Name}");
            }
        }
    }
}
