using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>A conversation that can be written for both APIs.</summary>
/// <param name="Turns">In order.</param>
internal sealed record Conversation(IReadOnlyList<Turn> Turns)
{
    /// <summary>Characters of every length, and such as JSON escapes.</summary>
    private static readonly Gen<string> Words = Gen
        .ArrayOf(Gen.Elements("a", "\"", "\\", "\n", "é", "世", "🎉", " ", "{}", "\u0001", "</s>"))
        .Select(string.Concat);

    /// <summary>Any conversation.</summary>
    public static Gen<Conversation> Any { get; } =
        from turns in Gen.NonEmptyListOf(AnyTurn())
        select new Conversation([.. turns]);

    /// <summary>Any text.</summary>
    public static Gen<string> Text => Words;

    /// <summary>What an assistant may have answered.</summary>
    public static Gen<Said> Answer { get; } =
        from thought in Gen.OneOf(Gen.Constant(""), Words)
        from text in Gen.OneOf(Gen.Constant(""), Words)
        from refusal in Gen.Frequency((4, Gen.Constant("")), (1, Words))
        from calls in Gen.Choose(0, 3).SelectMany(count => Gen.ArrayOf(AnyCall(), count))
        select new Said(thought, text, refusal, [.. calls.Select((call, index) => call with { Id = $"call_{index}" })]);

    /// <summary>Chat's messages.</summary>
    public JsonArray ToMessages()
    {
        var messages = new JsonArray();
        foreach (var turn in Turns)
        {
            turn.AddMessages(messages);
        }

        return messages;
    }

    /// <summary>The Responses API's items.</summary>
    public JsonArray ToItems()
    {
        var items = new JsonArray();
        foreach (var turn in Turns)
        {
            turn.AddItems(items);
        }

        return items;
    }

    private static Gen<Turn> AnyTurn() =>
        from role in Gen.Elements("user", "system", "developer")
        from texts in Gen.Choose(0, 2).SelectMany(count => Gen.ArrayOf(Words, count + 1))
        from isList in Gen.Elements(true, false)
        from image in Gen.Elements(null, null, "data:image/png;base64,AAAA")
        from said in Gen.OneOf(Gen.Constant<Said?>(null), Answer.Select(answer => (Said?)answer))
        select new Turn(role, texts, isList, image, said);

    private static Gen<SaidCall> AnyCall() =>
        from name in Gen.Elements("weather", "time")
        from argument in Words
        from output in Words
        select new SaidCall("", name, new JsonObject { ["a"] = argument }.ToJsonString(), output);
}
