using System.Text;
using System.Text.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>A tool call that comes in pieces.</summary>
internal sealed class CallDraft
{
    /// <summary>The call's id; empty until it is known.</summary>
    public string Id { get; private set; } = "";

    /// <summary>The tool's name; empty until it is known.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What is called.</summary>
    public CallKind Kind { get; private set; } = CallKind.Function;

    /// <summary>Arguments that came before the name.</summary>
    public StringBuilder Early { get; } = new();

    /// <summary>Its item; null until the name is known.</summary>
    public CallItem? Item { get; set; }

    /// <summary>Takes a piece in; the arguments that it brings. The first id and the first name count.</summary>
    public string Take(JsonElement piece)
    {
        if (Id.Length == 0)
        {
            Id = piece.TextMember("id") ?? "";
        }

        var custom = piece.ObjectMember(CallKind.Custom.ChatType);
        if (custom is not null && Item is null)
        {
            Kind = CallKind.Custom;
        }

        if ((custom ?? piece.ObjectMember(CallKind.Function.ChatType)) is not { } called)
        {
            return "";
        }

        if (Name.Length == 0)
        {
            Name = called.TextMember("name") ?? "";
        }

        return called.TextMember(Kind.Member) ?? "";
    }
}
