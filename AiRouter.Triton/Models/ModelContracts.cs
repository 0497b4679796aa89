using System.Collections.Concurrent;

namespace AiRouter.Triton.Models;

/// <summary>
/// The models whose configuration has been read. Each is read once however many ask at the same time; failures are not
/// kept.
/// </summary>
internal sealed class ModelContracts(Func<string, Task<TritonModel>> read)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<TritonModel>>> _models = new(StringComparer.Ordinal);

    public ValueTask<TritonModel> GetAsync(string name, CancellationToken cancellationToken)
    {
        var reading = _models.GetOrAdd(name, static (key, reader) => new(() => reader(key)), read);
        var model = reading.Value;
        return model.IsCompletedSuccessfully
            ? new ValueTask<TritonModel>(model.Result)
            : WaitAsync(name, reading, cancellationToken);
    }

    public void Forget(string name) => _models.TryRemove(name, out _);

    public void ForgetAll() => _models.Clear();

    private async ValueTask<TritonModel> WaitAsync(
        string name, Lazy<Task<TritonModel>> reading, CancellationToken cancellationToken)
    {
        try
        {
            return await reading.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TritonException)
        {
            _models.TryRemove(KeyValuePair.Create(name, reading));
            throw;
        }
    }
}
