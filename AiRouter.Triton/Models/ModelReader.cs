using System.Buffers;
using AiRouter.Triton.Contract;

namespace AiRouter.Triton.Models;

/// <summary>
/// Reads a model's contract: its configuration, and around it what the adapters of its family need to know. Only the
/// first can fail; without the rest the usual is assumed.
/// </summary>
internal sealed class ModelReader(
    Func<string, Task<ModelConfig>> readConfig,
    Func<string, Task<ModelConfig>> readPart,
    Func<Task<string>> readVersion)
{
    private static readonly SearchValues<char> Numbers = SearchValues.Create("0123456789.");

    /// <summary>The model.</summary>
    /// <exception cref="TritonException">Its configuration cannot be read.</exception>
    public async Task<TritonModel> ReadAsync(string name)
    {
        var config = await readConfig(name).ConfigureAwait(false);
        var model = new TritonModel(name, config);
        return model.Kind switch
        {
            ModelKind.Vllm => new TritonModel(name, config, await ServerAsync().ConfigureAwait(false)),
            ModelKind.TensorRtLlm => new TritonModel(
                name, config, await PartsAsync(ModelParts.Of(model, config)).ConfigureAwait(false)),
            _ => model,
        };
    }

    private async Task<ModelSurroundings> ServerAsync()
    {
        try
        {
            return new ModelSurroundings { ServerVersion = VersionOf(await readVersion().ConfigureAwait(false)) };
        }
        catch (TritonException exception)
        {
            return new ModelSurroundings { IsComplete = IsFinal(exception) };
        }
    }

    private async Task<ModelSurroundings> PartsAsync(ModelParts parts)
    {
        var preprocessing = PartAsync(parts.Preprocessing);
        var engine = PartAsync(parts.Engine);
        var (preprocessingModel, isPreprocessingRead) = await preprocessing.ConfigureAwait(false);
        var (engineModel, isEngineRead) = await engine.ConfigureAwait(false);
        return new ModelSurroundings
        {
            Preprocessing = preprocessingModel,
            Engine = engineModel,
            IsComplete = isPreprocessingRead && isEngineRead,
        };
    }

    private async Task<(TritonModel? Model, bool IsRead)> PartAsync(string? name)
    {
        if (name is null)
        {
            return (null, true);
        }

        try
        {
            return (new TritonModel(name, await readPart(name).ConfigureAwait(false)), true);
        }
        catch (TritonException exception)
        {
            return (null, IsFinal(exception));
        }
    }

    /// <summary>Whether asking again would give the same answer.</summary>
    private static bool IsFinal(TritonException exception) =>
        exception.Failure.Kind is TritonFailureKind.ModelNotFound or TritonFailureKind.NoTriton
            or TritonFailureKind.InvalidRequest or TritonFailureKind.Unauthenticated;

    /// <summary>Of <c>2.54.0dev</c> the numbers: builds from a branch carry a word behind them.</summary>
    private static Version? VersionOf(string text)
    {
        var end = text.AsSpan().IndexOfAnyExcept(Numbers);
        return Version.TryParse(end < 0 ? text : text[..end], out var version) ? version : null;
    }
}
