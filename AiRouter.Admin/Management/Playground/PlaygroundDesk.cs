using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Management.Keys;

namespace AiRouter.Admin.Management.Playground;

/// <summary>What the playground's page asks of Admin, in one place.</summary>
internal sealed partial class PlaygroundDesk(
    AdminOptions options,
    ConfigurationEditor editor,
    KeyEditor keys,
    PlaygroundPasses passes,
    PlaygroundRouter router,
    ILogger<PlaygroundDesk> logger)
{
    /// <summary>The models and keys to choose from.</summary>
    public async Task<Outcome<PlaygroundChoices>> ChoicesAsync(CancellationToken cancellationToken)
    {
        var document = await editor.ReadAsync(cancellationToken);
        return document.Failure is { Kind: not FailureKind.NotFound } failure
            ? failure
            : new PlaygroundChoices(
                document.Value?.Config, await keys.ListAsync(cancellationToken), options.ApiUrl is null ? PlaygroundPasses.NoAddress : null);
    }

    /// <summary>A pass for one request; the caller has checked that he may.</summary>
    public Task<Outcome<PlaygroundPass>> PassAsync(string? keyId, AdminIdentity by, CancellationToken cancellationToken) =>
        passes.IssueAsync(keyId, by, cancellationToken);

    /// <summary>An answer that has not begun.</summary>
    public ChatAnswer NewAnswer() => router.NewAnswer();

    /// <summary>Asks, in the background; what goes wrong stands in the answer.</summary>
    public Task AskAsync(PlaygroundPass pass, byte[] body, ChatAnswer answer, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            try
            {
                await router.AskAsync(pass, body, answer, cancellationToken);
            }
            catch (Exception bug)
            {
                LogBug(bug);
                answer.Fail(new AnswerError("It is Admin's fault; its log says more."));
            }
        },
        CancellationToken.None);

    /// <summary>A request as programs.</summary>
    public IReadOnlyList<(string Language, string Text)> Samples(ChatRequest request) => ChatSamples.Of(request, options);

    [LoggerMessage(3801, LogLevel.Error, "A request of the playground failed: a bug")]
    private partial void LogBug(Exception bug);
}
