using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Management;

/// <summary>The OpenAPI document: what is served is what is in <c>docs/management-api.json</c>.</summary>
public sealed class ManagementDocumentTests(StoreServers servers)
{
    private static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string[] _methods = ["get", "put", "post", "patch", "delete"];

    [Fact]
    public async Task Document_is_the_one_of_the_repository() =>
        Golden.EqualDocument("docs/management-api.json", (await ReadAsync()).ToJsonString(_readable) + "\n");

    [Fact]
    public async Task Every_operation_has_a_summary_schemas_and_errors()
    {
        var document = await ReadAsync();
        var operations = document["paths"]!.AsObject()
            .SelectMany(static path => path.Value!.AsObject().Where(static o => _methods.Contains(o.Key))
                .Select(o => (Name: $"{o.Key} {path.Key}", Path: path.Key, Operation: o.Value!)))
            .ToList();

        Assert.True(operations.Count > 40, $"{operations.Count} operations");
        Assert.Equal(operations.Count, operations.Select(static o => (string)o.Operation["operationId"]!).Distinct().Count());
        foreach (var (name, path, operation) in operations)
        {
            Assert.False(string.IsNullOrEmpty((string?)operation["summary"]), name);
            Assert.True(operation["security"]!.AsArray().Count > 0, name);
            var responses = operation["responses"]!.AsObject();
            foreach (var status in (string[])["401", "403", "429", "503"])
            {
                Assert.NotNull(responses[status]?["content"]?["application/problem+json"]?["schema"]);
            }

            var success = responses.First(static r => r.Key.StartsWith('2'));
            Assert.True(success.Key == "204" || success.Value!["content"]!.AsObject().All(static c => c.Value!["schema"] is not null), name);
            foreach (var parameter in path.Split('{').Skip(1).Select(static p => p[..p.IndexOf('}')]))
            {
                Assert.Contains(operation["parameters"]!.AsArray(), p => (string?)p!["name"] == parameter && (string?)p["in"] == "path");
            }
        }
    }

    [Fact]
    public async Task Document_needs_no_key()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var answer = await admin.As(null).GetAsync(new Uri(admin.Root, "/openapi/v1.json"), TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)answer.StatusCode);
    }

    private async Task<JsonNode> ReadAsync()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        return await admin.Http.ReadAsync(new Uri(admin.Root, "/openapi/v1.json").AbsoluteUri);
    }
}
