namespace AiRouter.Api.Commands.Import;

/// <summary>A service or a server that other products know by a name, as far as it speaks the OpenAI API.</summary>
/// <param name="Url">What stands for <c>/v1</c>; null: the file has to say it.</param>
/// <param name="Variable">Where its key usually is; null: it needs none.</param>
/// <param name="Path">What belongs behind an address that a file gives without it, because the product adds it itself.</param>
/// <param name="Families">Patterns of its models' names, for a file that lets all of them pass.</param>
internal sealed record KnownProvider(string? Url, string? Variable, string Path = "", params IReadOnlyList<string> Families)
{
    /// <summary>The address that a file gives, with what the product itself puts behind it.</summary>
    public Uri Complete(Uri given)
    {
        var text = given.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return Path.Length == 0 || text.EndsWith(Path, StringComparison.OrdinalIgnoreCase) ? new Uri(text) : new Uri(text + Path);
    }
}
