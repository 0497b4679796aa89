using System.Collections.Concurrent;

namespace AiRouter.Triton.Models;

/// <summary>
/// The models whose configuration has been read. Each is read once however many ask at the same time; failures are not
/// kept, not even for the next who asks when nobody waited for them to the end; nor is a model of which something could
/// not be read.
/// </summary>
internal sealed class ModelContracts(Func<string, Task<TritonModel>> read)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<TritonModel>>> _models = new(StringComparer.Ordinal);
    private long _hits;
    private long _reads;
    private long _failures;

    /// <summary>What has been looked up so far. Who began a read was no hit.</summary>
    public ModelLookups Lookups => new(
        _models.Count, Interlocked.Read(ref _hits), Interlocked.Read(ref _reads), Interlocked.Read(ref _failures));

    public ValueTask<TritonModel> GetAsync(string name, CancellationToken cancellationToken)
    {
        var model = ReadingOf(name).Value;
        return model.IsCompletedSuccessfully
            ? new ValueTask<TritonModel>(model.Result)
            : new ValueTask<TritonModel>(model.WaitAsync(cancellationToken));
    }

    public void Forget(string name) => _models.TryRemove(name, out _);

    public void ForgetAll() => _models.Clear();

    // Hits are counted where they happen: a difference of other figures could go back, which a counter may not.
    private Lazy<Task<TritonModel>> ReadingOf(string name)
    {
        if (!_models.TryGetValue(name, out var reading))
        {
            var own = Begin(name);
            reading = _models.GetOrAdd(name, own);
            if (reading == own)
            {
                return own;
            }
        }

        Interlocked.Increment(ref _hits);
        return reading;
    }

    private Lazy<Task<TritonModel>> Begin(string name)
    {
        Lazy<Task<TritonModel>>? reading = null;
        reading = new Lazy<Task<TritonModel>>(() => ReadAsync(name, reading!));
        return reading;
    }

    private async Task<TritonModel> ReadAsync(string name, Lazy<Task<TritonModel>> reading)
    {
        var isKept = false;
        var isRead = false;
        Interlocked.Increment(ref _reads);
        try
        {
            var model = await read(name).ConfigureAwait(false);
            isRead = true;

            // What nobody knows how to use is read again: its server may have loaded it anew, with another configuration.
            isKept = model.IsComplete && model.Kind != ModelKind.Unknown;
            return model;
        }
        finally
        {
            if (!isRead)
            {
                Interlocked.Increment(ref _failures);
            }

            if (!isKept)
            {
                _models.TryRemove(KeyValuePair.Create(name, reading));
            }
        }
    }
}
