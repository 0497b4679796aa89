using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import;

/// <summary>A service or a server that other products know by a name, whose API AiRouter speaks.</summary>
/// <param name="Url">What stands for <c>/v1</c>; null: the file has to say it.</param>
/// <param name="Variable">Where its key usually is; null: it needs none.</param>
/// <param name="Path">What belongs behind an address that a file gives without it, because the product adds it itself.</param>
/// <param name="Families">Patterns of its models' names, for a file that lets all of them pass.</param>
internal sealed record KnownProvider(string? Url, string? Variable, string Path = "", params IReadOnlyList<string> Families)
{
    private const string MessagesPath = "/messages";

    /// <summary>Whose API it speaks.</summary>
    public BackendKind Kind { get; init; } = BackendKind.OpenAi;

    /// <summary>Whether it has a Responses API; the products translate for those that have none, and so does AiRouter.</summary>
    public bool HasResponses { get; init; } = true;

    /// <summary>The address that a file gives, with what the product itself puts behind it.</summary>
    public Uri Complete(Uri given)
    {
        var text = given.GetLeftPart(UriPartial.Path).TrimEnd('/');

        // The address of the one path that there is, which LiteLLM takes too.
        if (Kind == BackendKind.Anthropic && text.EndsWith(Path + MessagesPath, StringComparison.OrdinalIgnoreCase))
        {
            text = text[..^MessagesPath.Length];
        }

        return Path.Length == 0 || text.EndsWith(Path, StringComparison.OrdinalIgnoreCase) ? new Uri(text) : new Uri(text + Path);
    }
}
