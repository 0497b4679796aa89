namespace AiRouter.Api.Requests;

/// <summary>The one budget that all buffered request bodies come out of (R31).</summary>
internal sealed class BodyBudget
{
    private long _used;

    /// <summary>Bytes in use now.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Takes <paramref name="bytes"/>, or nothing and false when that would exceed <paramref name="limit"/>.</summary>
    public bool TryTake(long bytes, long limit)
    {
        if (Interlocked.Add(ref _used, bytes) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    /// <summary>Gives <paramref name="bytes"/> back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
