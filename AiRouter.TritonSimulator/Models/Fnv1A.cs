namespace AiRouter.TritonSimulator.Models;

/// <summary>The 64-bit FNV-1a hash: short, and the same on every machine.</summary>
internal static class Fnv1A
{
    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 1099511628211UL;
        }

        return hash;
    }
}
