using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Dialects;

/// <summary>
/// What the members of a chat request are called in the request that it was made of: a client is told what is wrong with what it
/// sent. Made for an error, not for a request.
/// </summary>
/// <param name="request">The client's request.</param>
/// <param name="members">Chat's paths and the client's; <c>[]</c> stands for any index. The longest counts.</param>
/// <param name="conversation">The client's name of all messages together.</param>
/// <param name="messages">What each message of the chat request was made of.</param>
internal sealed partial class MemberNames(
    JsonObject request, IReadOnlyDictionary<string, string> members, string conversation, IReadOnlyList<MessageOrigin> messages)
{
    private static readonly char[] Borders = ['.', '['];

    /// <summary>How many items of a conversation that is kept stand before those that the client has sent.</summary>
    public int Earlier { get; init; }

    /// <summary>The error with the client's names.</summary>
    public ApiError In(ApiError error)
    {
        var root = error.Param is { } param ? RootOf(param) : null;
        return error with
        {
            Param = error.Param is null ? null : Of(error.Param),
            Message = Quoted().Replace(
                error.Message, quoted => IsName(quoted.Groups["name"].Value, root) ? $"'{Of(quoted.Groups["name"].Value)}'" : quoted.Value),
        };
    }

    /// <summary>The client's name of a member of the chat request; the same where both call it so.</summary>
    public string Of(string path)
    {
        if (Message().Match(path) is { Success: true } message)
        {
            return int.TryParse(message.Groups["index"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var index) &&
                index < messages.Count
                    ? AsSent(messages[index].Of(message.Groups["member"].Value))
                    : conversation;
        }

        // What the client sent under chat's own name went on as it was.
        return TryRename(path, members, out var name) && (RootOf(name) == RootOf(path) || !request.ContainsKey(RootOf(path))) ? name : path;
    }

    /// <summary>Puts another name in the place of the longest beginning of a path that has one.</summary>
    /// <param name="path">Such as <c>tools[0].function.name</c>.</param>
    /// <param name="names">Such as <c>tools[].function</c> and <c>tools[]</c>.</param>
    /// <param name="renamed">Such as <c>tools[0].name</c>.</param>
    public static bool TryRename(string path, IReadOnlyDictionary<string, string> names, [NotNullWhen(true)] out string? renamed)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOfAny(Borders, end - 1))
        {
            var indexes = new Queue<string>();
            var pattern = Index().Replace(path[..end], index =>
            {
                indexes.Enqueue(index.Value);
                return "[]";
            });
            if (names.TryGetValue(pattern, out var name))
            {
                renamed = AnyIndex().Replace(name, any => indexes.TryDequeue(out var index) ? index : any.Value) + path[end..];
                return true;
            }
        }

        renamed = null;
        return false;
    }

    /// <summary>What is kept is not in the client's request, but what it is called there is.</summary>
    private string AsSent(string path)
    {
        if (Earlier == 0 || Item().Match(path) is not { Success: true } item)
        {
            return path;
        }

        var index = int.Parse(item.Groups["index"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) - Earlier;
        return index < 0 ? "previous_response_id" : $"input[{index}]{item.Groups["member"].Value}";
    }

    /// <summary>
    /// Plain words stand in messages for other things too, such as the role of a user: only what is written like a member is taken for
    /// one, and what the error is about.
    /// </summary>
    private static bool IsName(string quoted, string? root) => quoted.AsSpan().ContainsAny("_.[") || quoted == root;

    private static string RootOf(string path) => path.IndexOfAny(Borders) is >= 0 and var end ? path[..end] : path;

    [GeneratedRegex(@"'(?<name>[a-z_]+(?:\.\w+|\[\d+\])*)'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^messages(?:\[(?<index>\d+)\]\.?(?<member>.*))?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Message();

    [GeneratedRegex(@"^input\[(?<index>\d+)\](?<member>.*)$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Item();

    [GeneratedRegex(@"\[\d+\]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Index();

    [GeneratedRegex(@"\[\]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyIndex();
}
