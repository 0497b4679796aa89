namespace AiRouter.TritonSimulator.Models;

/// <summary>Makes a unit vector from a hash of a text: equal texts have equal vectors, and that is all that is meaningful about them.</summary>
internal static class TextVector
{
    public static void Fill(Span<float> vector, ReadOnlySpan<byte> text)
    {
        var state = Fnv1A.Hash(text);
        var sum = 0.0;
        foreach (ref var value in vector)
        {
            // SplitMix64: well spread from any seed.
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            value = (float)(((mixed ^ (mixed >> 31)) >> 11) * (2.0 / (1UL << 53)) - 1);
            sum += value * value;
        }

        var length = (float)Math.Sqrt(sum);
        foreach (ref var value in vector)
        {
            value /= length;
        }
    }
}
