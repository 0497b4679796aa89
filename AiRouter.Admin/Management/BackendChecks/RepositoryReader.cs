using AiRouter.Triton;
using AiRouter.Triton.Models;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>Reads what is in a Triton server's repository, and of each loaded model what it takes and how AiRouter speaks to it.</summary>
internal static class RepositoryReader
{
    /// <summary>The most models that are shown.</summary>
    public const int Most = 500;

    private const int AtATime = 8;

    /// <summary>The repository.</summary>
    /// <exception cref="TritonException">The server gives no index.</exception>
    public static async Task<RepositoryView> ReadAsync(TritonClient client, CancellationToken cancellationToken)
    {
        var entries = await new TritonRepository(client).ReadAsync(cancellationToken);
        using var slots = new SemaphoreSlim(AtATime);
        var models = await Task.WhenAll(entries.Take(Most).Select(async entry =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                return await ReadAsync(client, entry, cancellationToken);
            }
            finally
            {
                slots.Release();
            }
        }));
        return new RepositoryView(null, models, entries.Count > Most);
    }

    private static async Task<RepositoryModelView> ReadAsync(TritonClient client, RepositoryEntry entry, CancellationToken cancellationToken)
    {
        var view = new RepositoryModelView(entry.Name, StateOf(entry))
        {
            Versions =
            [
                .. entry.Versions.Select(static v => new RepositoryVersionView(v.Version, v.State, v.Reason.Length == 0 ? null : v.Reason)),
            ],
        };
        if (!entry.IsReady)
        {
            return view;
        }

        try
        {
            return view with { Contract = ContractOf(await client.GetModelAsync(entry.Name, cancellationToken)) };
        }
        catch (TritonException failure)
        {
            return view with { ContractFailure = $"Its configuration could not be read ({failure.Failure.Kind})." };
        }
    }

    private static RepositoryState StateOf(RepositoryEntry entry) => entry switch
    {
        { IsReady: true } => RepositoryState.Ready,
        { Versions: [] } => RepositoryState.NotLoaded,
        _ when entry.Versions.Any(static v => v.State == "LOADING") => RepositoryState.Loading,
        { IsChanging: true } => RepositoryState.Unloading,
        _ => RepositoryState.Unavailable,
    };

    private static ContractView ContractOf(TritonModel model) => new(
        model.AdapterName,
        model.AdapterReason,
        RepositoryModel.IsServed(model.Kind),
        [.. model.Inputs.Select(Tensor)],
        [.. model.Outputs.Select(Tensor)])
    {
        Platform = model.Backend.Length > 0 ? model.Backend : model.Platform,
        MaxBatchSize = model.MaxBatchSize,
        Generates = model.CanGenerate,
        Embeds = model.CanEmbed,
        Transcribes = model.CanTranscribe,
        Notes = [.. Notes(model)],
    };

    private static TensorView Tensor(TensorSpec tensor) =>
        new(tensor.Name, tensor.Datatype, $"[{string.Join(", ", tensor.Dims)}]", tensor.IsOptional);

    private static IEnumerable<string> Notes(TritonModel model)
    {
        if (model.CanGenerate)
        {
            yield return (model.IsDecoupled, model.StreamsAllText) switch
            {
                (false, _) => "It is not decoupled: a client that streams gets the answer in one piece.",
                (_, true) => "Each part of a stream has all text so far; clients get what is new.",
                (_, false) => "Each part of a stream has what is new.",
                _ => "Whether a part of a stream has all text so far or what is new differs by release: the texts tell.",
            };
            yield return model.CountsTokens
                ? "It counts tokens: usage is exact."
                : "It does not count tokens: usage is estimated, or counted by the tokenizer of the model in AiRouter.";
            if (model.AddsSpecialTokens)
            {
                yield return "It puts special tokens before the prompt itself: the prompt format leaves its first one (BOS) out.";
            }

            if (!model.TakesTokenLimit)
            {
                yield return "It cannot be told how many tokens to generate at most.";
            }

            if (model.MaxImages > 0)
            {
                yield return model.MaxImages == 1 ? "It takes an image." : "It takes images.";
            }

            yield return model.Supports(GenerationParameter.Guide)
                ? "It can be held to JSON (response_format)."
                : "It cannot be held to JSON (response_format).";
        }

        if (model.CanEmbed)
        {
            yield return (model.EmbedsTexts, model.EmbedsTokens) switch
            {
                (true, true) => "It embeds texts and arrays of tokens.",
                (true, false) => "It embeds texts; arrays of tokens are refused.",
                _ => "It embeds arrays of tokens only; texts are refused.",
            };
        }

        if (model.CanTranscribe)
        {
            yield return model.TranscribesAtTemperature
                ? "It transcribes and translates sound, 30 s at a time."
                : "It transcribes and translates sound, 30 s at a time; it takes no temperature.";
        }
    }
}
