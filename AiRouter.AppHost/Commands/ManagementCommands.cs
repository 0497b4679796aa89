using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Commands;

/// <summary>What the dashboard lets a user do through Admin's management API, as the first admin.</summary>
internal sealed class ManagementCommands(HttpClient client, RouterTopology topology)
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);

    /// <summary>Makes a client key; the outcome has its secret, which nobody can read again.</summary>
    public Task<CommandOutcome> CreateKeyAsync(string name, CancellationToken cancellationToken) => SendAsync(
        "keys",
        request => request.Content = JsonContent.Create(new { name }),
        static answer => new CommandOutcome(
            IsDone: true,
            "The key works within a second, and from now on every request needs one. It is shown this once.",
            answer.GetProperty("key").GetString()),
        cancellationToken);

    /// <summary>Takes the configuration's file anew. Where that file rules the router follows it by itself, so it is only checked.</summary>
    public Task<CommandOutcome> ReloadConfigurationAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(topology.ConfigFile))
        {
            return Task.FromResult(CommandOutcome.Failed($"There is no file {topology.ConfigFile} any more."));
        }

        return topology.IsRuledByFile
            ? SendAsync(
                "config/validate",
                TakeFile,
                _ => new CommandOutcome(
                    IsDone: true, $"{topology.ConfigFile} has no problems; what it says is live within two seconds of an edit."),
                cancellationToken)
            : SendAsync(
                "import?comment=reloaded%20from%20the%20dashboard",
                TakeFile,
                answer => new CommandOutcome(
                    IsDone: true, $"{topology.ConfigFile} is version {answer.GetProperty("version")}, live within a second."),
                cancellationToken);

        void TakeFile(HttpRequestMessage request)
        {
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
            request.Content = new StreamContent(File.OpenRead(topology.ConfigFile));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/yaml");
        }
    }

    private async Task<CommandOutcome> SendAsync(
        string path,
        Action<HttpRequestMessage> prepare,
        Func<JsonElement, CommandOutcome> done,
        CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_deadline);
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(topology.Admin.Reachable, $"{Wiring.Paths.ManagementApi}/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer", topology.Admin.Environment[Wiring.Variables.AdminKey]);
        prepare(request);
        try
        {
            using var response = await client.SendAsync(request, deadline.Token);
            var body = await response.Content.ReadAsByteArrayAsync(deadline.Token);
            using var answer = JsonDocument.Parse(body);
            return response.IsSuccessStatusCode ? done(answer.RootElement) : CommandOutcome.Failed(Reason(answer.RootElement));
        }
        catch (Exception away) when (away is HttpRequestException or IOException or JsonException)
        {
            return CommandOutcome.Failed($"Admin did not answer: {away.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CommandOutcome.Failed($"Admin did not answer within {_deadline.TotalSeconds} s.");
        }
    }

    // application/problem+json, with what is wrong where.
    private static string Reason(JsonElement problem)
    {
        var reason = problem.TryGetProperty("detail", out var detail) ? detail.GetString() : problem.GetProperty("title").GetString();
        return problem.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array
            ? string.Join(
                Environment.NewLine,
                [reason!, .. errors.EnumerateArray().Select(static error => $"{error.GetProperty("path")}: {error.GetProperty("message")}")])
            : reason!;
    }
}
