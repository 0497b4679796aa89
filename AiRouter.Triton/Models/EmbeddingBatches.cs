namespace AiRouter.Triton.Models;

/// <summary>Splits inputs into calls: in order, at most so many, all texts or all token arrays of one length.</summary>
internal static class EmbeddingBatches
{
    /// <summary>Whether one call carries all of them.</summary>
    public static bool IsOne(IReadOnlyList<EmbeddingInput> inputs, int most)
    {
        if (inputs.Count > most)
        {
            return false;
        }

        for (var i = 1; i < inputs.Count; i++)
        {
            if (inputs[i].Tokens?.Count != inputs[0].Tokens?.Count)
            {
                return false;
            }
        }

        return true;
    }

    public static IEnumerable<Range> Split(IReadOnlyList<EmbeddingInput> inputs, int most)
    {
        var start = 0;
        for (var i = 1; i <= inputs.Count; i++)
        {
            if (i == inputs.Count || i - start == most || inputs[i].Tokens?.Count != inputs[start].Tokens?.Count)
            {
                yield return start..i;
                start = i;
            }
        }
    }
}
