namespace AiRouter.Admin.Management;

/// <summary>Why somebody changes something, in his own words (<c>?comment=</c>).</summary>
internal static class Comments
{
    private const int Longest = 500;

    /// <summary>The comment as the history keeps it; null: none.</summary>
    public static string? Cut(string? comment) => comment?.Trim() switch
    {
        null or "" => null,
        { Length: > Longest } text => text[..Longest],
        var text => text,
    };
}
