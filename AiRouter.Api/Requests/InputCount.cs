namespace AiRouter.Api.Requests;

/// <summary>The exact tokens of one prompt or input of a request.</summary>
/// <param name="Param">The member that holds it.</param>
/// <param name="Tokens">How many.</param>
internal readonly record struct InputPart(string Param, int Tokens);

/// <summary>
/// The input of a request to a backend that renders prompts itself, counted as the backend will count it; once, when first
/// asked for, because most requests need it never: the backend tells.
/// </summary>
/// <param name="count">Counts; null when not everything in the request can be counted exactly.</param>
internal sealed class InputCount(Func<IReadOnlyList<InputPart>?> count)
{
    private readonly Lazy<IReadOnlyList<InputPart>?> _parts = new(count, LazyThreadSafetyMode.None);

    /// <summary>Each prompt or input; null: there is no exact count.</summary>
    public IReadOnlyList<InputPart>? Parts => _parts.Value;

    /// <summary>All together; null: there is no exact count.</summary>
    public int? Total => Parts?.Sum(part => part.Tokens);

    /// <summary>The longest; null: there is no exact count.</summary>
    public int? Longest => Parts?.Max(part => part.Tokens);
}
