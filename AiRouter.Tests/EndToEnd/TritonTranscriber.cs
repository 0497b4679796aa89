using System.Net;
using System.Text.Json;
using AiRouter.Tests.Backends.Triton.Transcriptions.Audio;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Uploads sound to a router whose models are on a simulated Triton.</summary>
internal static class TritonTranscriber
{
    /// <summary>Where sound is transcribed.</summary>
    public const string Transcriptions = "audio/transcriptions";

    private const string Models = "  whisper: { targets: [ { backend: gpu, model: whisper_bls } ] }";

    /// <summary>One and a half second of 440 Hz.</summary>
    public static readonly byte[] Tone = Waves.File(Waves.Sine(440, 1.5));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts a router whose model <c>whisper</c> lies on a simulated Triton.</summary>
    public static Task<TritonRouter> StartAsync(string models = "", SimulatorOptions? options = null, string server = "") =>
        TritonRouter.StartAsync($"{Models}\n{models}", server, options: options);

    /// <summary>Uploads a file.</summary>
    public static Task<Answer> PostAsync(TritonRouter router, string path, byte[] file, params (string Name, string Value)[] fields) =>
        PostAsync(router, path, file, Token, fields);

    /// <summary>Uploads a file, until the client goes.</summary>
    public static async Task<Answer> PostAsync(
        TritonRouter router, string path, byte[] file, CancellationToken cancellationToken, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", "speech.mp3" } };
        foreach (var (name, value) in fields.Any(f => f.Name == "model") ? fields : [.. fields, ("model", "whisper")])
        {
            form.Add(new StringContent(value), name);
        }

        using var response = await router.Router.Http.PostAsync(path, form, cancellationToken);
        var headers = response.Headers;
        return new Answer(
            response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            await response.Content.ReadAsStringAsync(cancellationToken),
            headers.TryGetValues("x-airouter-model", out var models) ? models.Single() : null,
            headers.TryGetValues("x-airouter-dropped", out var dropped) ? dropped.Single() : null,
            headers.TryGetValues("x-ratelimit-remaining-tokens", out var remaining) ? remaining.Single() : null);
    }

    /// <summary>Uploads a file that is refused.</summary>
    public static async Task<(int Status, string Message, string? Param, string? Code)> ErrorAsync(
        TritonRouter router, string path, byte[] file, params (string Name, string Value)[] fields)
    {
        var answer = await PostAsync(router, path, file, fields);
        Assert.True((int)answer.Status >= 400, answer.Body);
        var error = JsonDocument.Parse(answer.Body).RootElement.GetProperty("error");
        return ((int)answer.Status, error.GetProperty("message").GetString()!, error.GetProperty("param").GetString(),
            error.GetProperty("code").GetString());
    }

    /// <summary>What came back.</summary>
    public sealed record Answer(
        HttpStatusCode Status, string? ContentType, string Body, string? Model, string? Dropped, string? Remaining);
}
