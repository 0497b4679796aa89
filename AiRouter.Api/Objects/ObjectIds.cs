using System.Buffers;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Objects;

/// <summary>Ids of objects that backends keep, as clients send them.</summary>
internal static class ObjectIds
{
    private static readonly SearchValues<char> WordCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_");

    /// <summary>Words that stand in the same places (<c>container: auto</c>) are none.</summary>
    public static bool LooksLikeOne(string text) => text.AsSpan().IndexOfAny('_', '-') > 0;

    /// <summary>Whether it may be a word of a path (<c>input_items</c>) as well.</summary>
    public static bool MayBeWord(string text) => !text.AsSpan().ContainsAnyExcept(WordCharacters);

    /// <summary>It is not there, or not this client's.</summary>
    public static ApiError NotFound(string id) => new(ErrorCause.ObjectNotFound, $"No such object: '{id}'.");

    /// <summary>
    /// The store that knows is away. Not 404: a client takes that for the end of its file or its conversation, and it would be wrong
    /// after each restart.
    /// </summary>
    public static ApiError Unknown(string id) =>
        new(ErrorCause.ObjectsUnknown, $"The router cannot say now whose object '{id}' is. Try again.");
}
