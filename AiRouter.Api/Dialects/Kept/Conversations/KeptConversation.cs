using System.Text.Json.Nodes;
using AiRouter.Core.Objects;

namespace AiRouter.Api.Dialects.Kept.Conversations;

/// <summary>A conversation, with those of its items that were asked for.</summary>
/// <param name="Object">The object that clients see.</param>
/// <param name="Items">The items.</param>
/// <param name="Bytes">How large they are together.</param>
internal sealed record KeptConversation(JsonObject Object, JsonArray Items, long Bytes)
{
    // What an answer may well come to, and what the id of an item counts.
    private const int AnswerBytes = 64 * 1024;
    private const int IdBytes = 64;

    /// <summary>Whether a request and an answer to it can be added, as far as can be told; of a conversation with all its items.</summary>
    /// <param name="bytes">The size of the request.</param>
    /// <param name="items">How many items it adds.</param>
    public bool HasRoom(long bytes, int items) =>
        Items.Count + items + 1 <= ConversationStore.MostItems &&
        Bytes + (Items.Count * IdBytes) + bytes + AnswerBytes <= ConversationStore.MostBytes;
}
