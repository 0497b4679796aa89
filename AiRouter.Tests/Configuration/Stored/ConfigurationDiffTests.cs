using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Tests.Configuration.Stored;

public sealed class ConfigurationDiffTests
{
    private const string Before = """
        {"backends":{"a":{"url":"http://a"},"b":{"url":"http://b"}},
         "models":{"m":{"targets":[{"backend":"a","weight":1},{"backend":"b"}],"operations":["chat"]},"gpt-4.1":{"targets":[]}},
         "keys":[{"name":"x"},{"name":"y"},{"name":"z"}],"server":{"maxBodyMiB":1}}
        """;

    [Theory]
    [InlineData("\"maxBodyMiB\":1", "\"maxBodyMiB\":2", "server.maxBodyMiB: 1 → 2")]
    [InlineData(",\"server\":{\"maxBodyMiB\":1}", "", "server.maxBodyMiB: 1 → ")]
    [InlineData("\"weight\":1", "\"weight\":3", "models.m.targets[0].weight: 1 → 3")]
    [InlineData("[\"chat\"]", "[\"chat\",\"embeddings\"]", "models.m.operations: [\"chat\"] → [\"chat\",\"embeddings\"]")]
    [InlineData("{\"name\":\"y\"},", "", "keys[1]: {\"name\":\"y\"} → ")]
    [InlineData("{\"name\":\"x\"},", "{\"name\":\"x\"},{\"name\":\"w\"},", "keys[1]:  → {\"name\":\"w\"}")]
    [InlineData("\"gpt-4.1\":{\"targets\":[]}", "\"n\":{\"targets\":[]}", "models.n:  → {\"targets\":[]}", "models[\"gpt-4.1\"]: {\"targets\":[]} → ")]
    public void Change_is_told_by_its_path(string old, string now, params string[] expected)
    {
        var after = Before.Replace(old, now, StringComparison.Ordinal);

        Assert.NotEqual(Before, after);
        Assert.Equal(expected, ConfigurationDiff.Between(Before, after).Select(Shown));
        Assert.Empty(ConfigurationDiff.Between(after, after));
    }

    [Fact]
    public void First_document_is_told_by_its_entries()
    {
        var found = ConfigurationDiff.Between(null, Before).Select(d => d.Path);

        Assert.Equal(
            ["backends.a", "backends.b", "models.m", "models[\"gpt-4.1\"]", "keys", "server.maxBodyMiB"], found);
    }

    [Fact]
    public void Secrets_are_left_out_and_their_change_is_still_told()
    {
        const string Old = """{"backends":{"a":{"apiKey":"enc:v1:AAAA","headers":{"X-Api-Key":"tell-tale-1","X-Ref":"env:AIROUTER_SECRET_A"}}}}""";
        var now = Old.Replace("AAAA", "BBBB", StringComparison.Ordinal).Replace("tell-tale-1", "tell-tale-2", StringComparison.Ordinal);

        string[] all = [.. ConfigurationDiff.Between(Old, now).Concat(ConfigurationDiff.Between(null, now)).Select(Shown)];

        Assert.Equal(
            [
                "backends.a.apiKey: \"(redacted)\" → \"(redacted)\"",
                "backends.a.headers.X-Api-Key: \"(redacted)\" → \"(redacted)\"",
                """backends.a:  → {"apiKey":"(redacted)","headers":{"X-Api-Key":"(redacted)","X-Ref":"env:AIROUTER_SECRET_A"}}""",
            ],
            all);
    }

    [Fact]
    public void More_differences_than_anybody_reads_are_counted()
    {
        var models = Enumerable.Range(0, 600).Select(static i => KeyValuePair.Create($"m{i}", (JsonNode?)new JsonObject()));

        var found = ConfigurationDiff.Between(null, new JsonObject { ["models"] = new JsonObject(models) }.ToJsonString());

        Assert.Equal(ConfigurationDiff.MostDifferences + 1, found.Count);
        Assert.Equal("\"and 100 more\"", found[^1].After);
    }

    [Fact]
    public void Document_written_as_JSON_reads_as_the_same_records_and_unknown_keys_are_refused()
    {
        var (config, none) = ConfigurationJson.ReadYaml("models: { m: { targets: [ { backend: a, weight: 2 } ] } }", "c.yaml");
        Assert.Empty(none);
        var json = ConfigurationJson.Write(config!);

        var (again, problems) = ConfigurationJson.Read(json, "the store");
        Assert.Empty(problems);
        Assert.Equal(json, ConfigurationJson.Write(again!));

        var (_, wrong) = ConfigurationJson.Read(json.Replace("weight", "wieght", StringComparison.Ordinal), "the store");
        Assert.Contains("wieght: there is no such key (did you mean \"weight\"?)", Assert.Single(wrong).ToString(), StringComparison.Ordinal);
    }

    private static string Shown(ConfigurationDifference d) => $"{d.Path}: {d.Before} → {d.After}";
}
