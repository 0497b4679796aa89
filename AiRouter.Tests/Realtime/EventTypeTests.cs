using System.Text;
using AiRouter.Api.Sockets;

namespace AiRouter.Tests.Realtime;

public sealed class EventTypeTests
{
    public static TheoryData<string, string> Events { get; } = new()
    {
        { """{"type":"session.created","session":{"model":"m"}}""", "session.created" },
        { """ { "event_id" : "e\"{", "session":{"type":"inner","tools":[{"type":"t"},[1,2.5e3,null]]}, "type" : "session.update" } """,
        "session.update" },
        { """{"Grüße":"世界 🎉","n":-1,"t\u0079pe":"response\u002edone"}""", "response.done" },
        { """{"audio":"AAAA","type":"input_audio_buffer.append"}""", "input_audio_buffer.append" },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void Beginning_of_any_length_tells_the_type_or_nothing_yet(string json, string type)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var wasFound = false;
        for (var length = 0; length <= bytes.Length; length++)
        {
            var sight = EventType.Find(bytes.AsSpan(0, length), isWhole: length == bytes.Length, out var found);

            // Once it is there it stays.
            Assert.Equal(wasFound || sight == EventType.Sight.Found ? EventType.Sight.Found : EventType.Sight.NotYet, sight);
            Assert.Equal(sight == EventType.Sight.Found ? type : "", Encoding.UTF8.GetString(found));
            wasFound |= sight == EventType.Sight.Found;
        }

        Assert.True(wasFound);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[{\"type\":\"x\"}]")]
    [InlineData("{}")]
    [InlineData("{\"type\":1}")]
    [InlineData("{\"type\":\"\"}")]
    [InlineData("{\"type\":\"\\ud800\"}")]
    [InlineData("{\"inner\":{\"type\":\"x\"}}")]
    [InlineData("{\"open\":")]
    public void Message_that_is_no_event_has_none(string text) =>
        Assert.Equal(EventType.Sight.None, EventType.Find(Encoding.UTF8.GetBytes(text), isWhole: true, out _));

    [Theory]
    [InlineData("""{"a":{"m":"x","n":"x"},"m":"x"}""", """{"a":{"m":"new","n":"x"},"m":"x"}""")]
    [InlineData("""{"a":{"m" : "x", "m":[1,{"m":2}]},"a":{"m":3}}""", """{"a":{"m" : "new", "m":"new"},"a":{"m":"new"}}""")]
    [InlineData("""{"b":{"a":{"m":"x"}},"a":["m"]}""", """{"b":{"a":{"m":"x"}},"a":["m"]}""")]
    public void Member_is_exchanged_and_all_else_stays(string json, string changed)
    {
        var bytes = Encoding.UTF8.GetBytes(json);

        var places = EventMember.Find(bytes, "a"u8, "m"u8);

        Assert.Equal(changed, Encoding.UTF8.GetString(EventMember.Replace(bytes, places, "\"new\""u8)));
    }
}
