using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace AiRouter.AppHost.Commands;

/// <summary>Loads and unloads models of a Triton (RepositoryModelLoad and RepositoryModelUnload). Written out, as the calls in
/// <see cref="Health.HealthProbe"/> are: their requests have one field that matters, their answers none.</summary>
internal sealed class TritonCommands(HttpClient client, Uri triton)
{
    // A large engine takes minutes.
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(15);

    /// <summary>Loads a model, or loads it anew.</summary>
    public Task<CommandOutcome> LoadAsync(string model, CancellationToken cancellationToken) =>
        CallAsync("RepositoryModelLoad", model, $"{model} is loaded.", cancellationToken);

    /// <summary>Unloads a model.</summary>
    public Task<CommandOutcome> UnloadAsync(string model, CancellationToken cancellationToken) =>
        CallAsync("RepositoryModelUnload", model, $"{model} is being unloaded; requests under way end first.", cancellationToken);

    private async Task<CommandOutcome> CallAsync(
        string method, string model, string done, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_deadline);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(triton, $"/inference.GRPCInferenceService/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(RequestFor(model)),
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        try
        {
            using var response = await client.SendAsync(request, deadline.Token);

            // Trailers are there when the body has ended.
            await response.Content.ReadAsByteArrayAsync(deadline.Token);
            return Value(response, "grpc-status") switch
            {
                "0" => new CommandOutcome(IsDone: true, done),
                { } status => CommandOutcome.Failed(
                    Value(response, "grpc-message") is { } text ? Uri.UnescapeDataString(text) : $"Triton answered with status {status}."),
                null => CommandOutcome.Failed($"What answers at {triton} is no Triton (HTTP {(int)response.StatusCode})."),
            };
        }
        catch (Exception away) when (away is HttpRequestException or IOException)
        {
            return CommandOutcome.Failed($"The Triton at {triton} did not answer: {away.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CommandOutcome.Failed($"The Triton at {triton} did not answer within {_deadline.TotalMinutes} minutes.");
        }
    }

    // A call that fails at once has its status among the headers.
    private static string? Value(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values)
            ? values.FirstOrDefault()
            : null;

    // The five bytes that gRPC puts before a message, and field 2, model_name.
    private static byte[] RequestFor(string model)
    {
        var name = Encoding.UTF8.GetBytes(model);
        var message = new List<byte> { 0x12 };
        var rest = (uint)name.Length;
        for (; rest >= 0x80; rest >>= 7)
        {
            message.Add((byte)(rest | 0x80));
        }

        message.Add((byte)rest);
        message.AddRange(name);
        var length = message.Count;
        return [0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. message];
    }
}
