namespace AiRouter.Core.Objects;

/// <summary>A conversation as the store holds it.</summary>
/// <param name="Made">When it was made, in seconds since 1970.</param>
/// <param name="Metadata">What its owner has noted of it, as JSON.</param>
/// <param name="Items">The items that were asked for, as JSON, in the order asked for.</param>
public sealed record StoredConversation(long Made, byte[] Metadata, IReadOnlyList<byte[]> Items);
