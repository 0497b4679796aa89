using AiRouter.Api.Endpoints;
using AiRouter.Api.Routing.Policies;
using AiRouter.Core.Configuration;
using FsCheck.Xunit;

namespace AiRouter.Tests.Routing.Policies;

public sealed class PrefixChainTests
{
    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"Grüße"}]}""", """{ "messages" : [ { "role":"user" , "content":"Gr\u00fc\u00dfe" } ] }""")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", """{"messages":[{"role":"user","content":[{"type":"text","text":"a"}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", """{"messages":[{"role":"user","content":[{"text":"a","type":"text","cache_control":{"type":"ephemeral"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", """{"temperature":1,"messages":[{"role":"user","name":null,"content":"a"}],"stream":true}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", """{"messages":[{"role":"user","content":"a"}],"tools":[]}""")]
    public void What_is_rendered_alike_has_the_same_hash(string one, string other) => Assert.Equal(Ends(one), Ends(other));

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", """{"messages":[{"role":"system","content":"a"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", """{"messages":[{"role":"user","content":"a"}],"tools":[{"type":"function"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"1"}]}""", """{"messages":[{"role":"user","content":1}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"ab"}]}""", """{"messages":[{"role":"user","content":"a","b":""}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"a"}}]}]}""", """{"messages":[{"role":"user","content":"a"}]}""")]
    [InlineData("""{"system":"a","messages":[{"role":"user","content":"x"}]}""", """{"system":"b","messages":[{"role":"user","content":"x"}]}""")]
    public void What_is_rendered_otherwise_has_another(string one, string other) =>
        Assert.False(Ends(one)[0] == Ends(other)[0]);

    [Property(MaxTest = 100)]
    public void Longer_conversation_begins_with_the_hashes_of_the_shorter_one(uint[] lengths, uint more)
    {
        var messages = lengths.Take(40).Select((length, i) => Message(i, (int)(length % 5000))).ToList();
        var shorter = Ends(Body(messages));
        messages.Add(Message(messages.Count, (int)(more % 5000)));

        var longer = Ends(Body(messages));

        Assert.Equal(shorter, longer[..shorter.Length]);
        Assert.True(longer.Length > shorter.Length || shorter.Length == PrefixHash.MaxPieces);
    }

    [Fact]
    public void Number_of_hashes_is_bounded()
    {
        Assert.Equal(PrefixHash.MaxPieces, Ends(Body([Message(0, 10_000_000)])).Length);
        Assert.Equal(PrefixHash.MaxPieces, Ends(Body(Enumerable.Range(0, 500).Select(i => Message(i, 10)))).Length);
    }

    [Fact]
    public void Completions_and_responses_have_prompts_too()
    {
        Assert.Single(Ends("""{"prompt":"Once upon a time"}""", Operations.Completions));
        var ends = Ends("""{"instructions":"Be brief.","input":[{"role":"user","content":"Hi"}]}""", Operations.Responses);
        var longer = Ends(
            """{"instructions":"Be brief.","input":[{"role":"user","content":"Hi"},{"role":"user","content":"?"}]}""", Operations.Responses);

        Assert.Equal(2, ends.Length);
        Assert.Equal(ends, longer[..2]);
    }

    [Fact]
    public void System_prompt_of_Messages_is_the_beginning_of_its_prompt()
    {
        const string Messages = """ "messages":[{"role":"user","content":"Hi"}]}""";
        var brief = OfMessages("""{"system":"Be brief.",""" + Messages);

        Assert.Equal(2, brief.Length);
        Assert.NotEqual(brief[0], OfMessages("""{"system":"Be long.",""" + Messages)[0]);

        static UInt128[] OfMessages(string json) => PrefixChain.Of(PolicyTargets.Request(json, dialect: StreamDialect.Messages)).Ends.ToArray();
    }

    private static string Message(int index, int length) =>
        $$"""{"role":"user","content":"{{index}} {{new string('x', length)}}"}""";

    private static string Body(IEnumerable<string> messages) => "{\"messages\":[" + string.Join(',', messages) + "]}";

    private static UInt128[] Ends(string json, string operation = Operations.Chat) =>
        PrefixChain.Of(PolicyTargets.Request(json, operation: operation)).Ends.ToArray();
}
