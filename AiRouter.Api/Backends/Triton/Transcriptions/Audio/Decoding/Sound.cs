using AiRouter.Api.Errors;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>A file of sound that can be heard. Dispose it when it has been.</summary>
/// <param name="decode">Decodes the file, where that is another program's work.</param>
internal sealed class Sound(Func<CancellationToken, ValueTask<(DecodedSound? Sound, ApiError? Error)>> decode) : IDisposable
{
    private readonly IAudioSource? _own;
    private DecodedSound? _decoded;

    /// <summary>One that we decode ourselves while it is heard.</summary>
    public Sound(IAudioSource own)
        : this(static _ => default) => _own = own;

    /// <summary>Begins to play it; null and an error when it cannot be decoded.</summary>
    public async ValueTask<(IAudioSource? Source, ApiError? Error)> PlayAsync(CancellationToken cancellationToken)
    {
        if (_own is not null)
        {
            return (_own, null);
        }

        (_decoded, var error) = await decode(cancellationToken);
        return (_decoded?.Open(), error);
    }

    /// <inheritdoc/>
    public void Dispose() => _decoded?.Dispose();
}
