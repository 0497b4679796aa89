namespace AiRouter.Api.Dialects;

/// <summary>What a message of a translated request was made of.</summary>
/// <param name="Path">The client's own member, such as <c>input[2]</c>; where it is not certain, what holds all that it can be.</param>
/// <param name="Members">What members of the message are called there, from <paramref name="Path"/> on; others are not told.</param>
internal sealed record MessageOrigin(string Path, IReadOnlyDictionary<string, string>? Members = null)
{
    /// <summary>The client's name of a member.</summary>
    /// <param name="member">A path within the message; empty: the message itself.</param>
    public string Of(string member) =>
        Members is not null && MemberNames.TryRename(member, Members, out var name) ? Path + name : Path;
}
