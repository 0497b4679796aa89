using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Commands.Import.Served;

/// <summary>
/// A sample whose servers are fakes, by their addresses in the file; imported, and what the command wrote served, unchanged, by a process
/// with a store, which budgets need.
/// </summary>
internal sealed class ServedImport : IAsyncDisposable
{
    private readonly Dictionary<string, ScriptedUpstream> _servers;
    private readonly RedisServer _store;
    private readonly ApiProcess _process;
    private readonly HttpClient _http;
    private readonly DirectoryInfo _folder;

    private ServedImport(
        Dictionary<string, ScriptedUpstream> servers, RedisServer store, ApiProcess process, HttpClient http, DirectoryInfo folder) =>
        (_servers, _store, _process, _http, _folder) = (servers, store, process, http, folder);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The fake that stands for a server of the file.</summary>
    public ScriptedUpstream this[string address] => _servers[address];

    /// <summary>Imports and starts.</summary>
    /// <param name="sample">The file.</param>
    /// <param name="options">Of the command.</param>
    /// <param name="environment">Of the command.</param>
    /// <param name="faked">Addresses of the file whose servers are fakes.</param>
    /// <param name="real">Addresses of the file, and what stands there.</param>
    public static async Task<ServedImport> StartAsync(
        string sample,
        IReadOnlyList<string> options,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<string> faked,
        params IReadOnlyList<(string Address, Uri Url)> real)
    {
        var servers = new Dictionary<string, ScriptedUpstream>(StringComparer.Ordinal);
        foreach (var address in faked)
        {
            servers.Add(address, await ScriptedUpstream.StartAsync(FakeProvider.AnswerAsync));
        }

        var folder = Directory.CreateTempSubdirectory("airouter-import-");
        var text = await File.ReadAllTextAsync(ImportRun.Sample(sample));
        foreach (var (address, url) in servers.Select(static s => (s.Key, s.Value.Url)).Concat(real))
        {
            Assert.Contains(address, text, StringComparison.Ordinal);
            text = text.Replace(address, url.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        }

        var file = Path.Combine(folder.FullName, sample);
        await File.WriteAllTextAsync(file, text);
        var run = await ImportRun.RunAsync(environment, [file, .. options]);
        Assert.True(run.Code == 0, run.Error);

        var configuration = Path.Combine(folder.FullName, "airouter.yaml");
        await File.WriteAllTextAsync(configuration, run.Output);
        var store = await RedisServer.StartAsync();
        var variables = run.Secrets();
        variables["AIROUTER_CONFIG"] = configuration;
        variables["AIROUTER_DATA"] = Path.Combine(folder.FullName, "data");
        variables["ConnectionStrings__redis"] = store.ConnectionString;
        var (process, http) = await ApiProcess.StartAsync(variables);
        return new ServedImport(servers, store, process, http, folder);
    }

    /// <summary>Asks as a client with a key does; what earlier tests asked the fakes is forgotten.</summary>
    public async Task<(int Status, JsonNode Body)> AskAsync(string key, string path, JsonObject body)
    {
        foreach (var server in _servers.Values)
        {
            server.Requests.Clear();
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await _http.SendAsync(request, Token);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!);
    }

    /// <summary>Asks for a chat; gives the text of the answer, or the error.</summary>
    public async Task<(int Status, string? Text)> ChatAsync(string key, string? model)
    {
        var body = new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hello" }) };
        if (model is not null)
        {
            body["model"] = model;
        }

        var (status, answer) = await AskAsync(key, "v1/chat/completions", body);
        return (status, (string?)(status == 200 ? answer["choices"]![0]!["message"]!["content"] : answer["error"]!["message"]));
    }

    /// <summary>Asks for the embedding of a text; gives its length.</summary>
    public async Task<(int Status, int Length)> EmbedAsync(string key, string model)
    {
        var (status, answer) = await AskAsync(key, "v1/embeddings", new JsonObject { ["model"] = model, ["input"] = "Hello" });
        return (status, status == 200 ? answer["data"]![0]!["embedding"]!.AsArray().Count : 0);
    }

    /// <summary>The last request at the server of an address, beside probes.</summary>
    public RecordedRequest Sent(string address) => _servers[address].Requests.Last(static r => r.Method == "POST");

    /// <summary>Which model the server of an address was asked for, how, and with what credential.</summary>
    public (string Target, string? Model, string? Credential) Asked(string address)
    {
        var request = Sent(address);
        return (
            request.Target,
            (string?)JsonNode.Parse(request.Text)!["model"],
            request.Header("x-api-key") ?? request.Header("Authorization"));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        await _store.DisposeAsync();
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
