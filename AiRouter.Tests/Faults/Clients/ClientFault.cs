namespace AiRouter.Tests.Faults.Clients;

/// <summary>What a client does to a router, from which rows of the table are made.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Moment">When.</param>
/// <param name="Expected">What must come of it.</param>
/// <param name="Act">Does it; gives what the client got, or null when it has gone.</param>
internal sealed record ClientFault(
    string Name, string Moment, FaultOutcome Expected, Func<ClientScene, FaultClient, bool, Task<FaultOutcome?>> Act)
{
    /// <summary>How the backend answers it.</summary>
    public BackendMood Mood { get; init; }

    /// <summary>Where a stream is asked for; null: where it is not, and both rows are made.</summary>
    public bool? Stream { get; init; }

    /// <summary>The kinds of backend that it is tried with: what does not get so far needs one only.</summary>
    public bool OfBothKinds { get; init; }

    /// <summary>The client's system buffers little.</summary>
    public bool IsNarrow { get; init; }

    /// <summary>One for each kind of backend and of answer.</summary>
    public IEnumerable<FaultCase> Rows =>
        from isTriton in OfBothKinds ? (bool[])[false, true] : [false]
        from stream in Stream is { } one ? (bool[])[one] : [false, true]
        let moment = OfBothKinds ? $"{Moment}, {(isTriton ? "Triton" : "OpenAI")}" : Moment
        select new FaultCase(Name, moment, Expected, () => RunAsync(isTriton, stream))
        {
            Streaming = OfBothKinds || Stream is null ? stream : null,
        };

    /// <summary>The client has gone, and nobody works for it any more.</summary>
    public static FaultOutcome Gone(bool cancels) =>
        new("nothing: it has gone", cancels ? "cancels the request at the backend" : "asks no backend");

    private async Task<FaultOutcome> RunAsync(bool isTriton, bool stream)
    {
        await using var scene = await ClientScene.StartAsync(isTriton);
        scene.Mood = Mood;
        FaultOutcome? outcome;
        using (var client = await FaultClient.ConnectAsync(scene.Router.Root, IsNarrow ? 8192 : null))
        {
            outcome = await Act(scene, client, stream);
            await scene.NothingIsLeftAsync();
        }

        scene.Speed = 1;
        outcome ??= Gone(scene.Cancelled > 0);
        scene.Mood = BackendMood.Answers;
        await scene.AnswersAsync(stream);
        await scene.NothingIsLeftAsync();
        return outcome;
    }
}
