using System.Text;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;

namespace AiRouter.Tests.Requests;

/// <summary>R43: what a body must be.</summary>
public sealed class JsonIndexTests
{
    public static TheoryData<string> Bad =>
    [
        "", " ", "null", "[]", "\"x\"", "{", "{\"a\":1", "{\"a\":1}x", "{\"a\":01}", "{\"a\":1,}", "{a:1}", "{\"a\":NaN}", "\uFEFF{}",
        """{"model":"a","model":"b"}""",
        """{"model":"a","mod\u0065l":"b"}""",
        """{"m\u006fdel":"a","mod\u0065l":"b"}""",
        """{"messages":[],"messages":[]}""",
        """{"a":"\ud800"}""",
        """{"a":{"b":["\udc00x"]}}""",
        """{"a":"\ud83dx"}""",
        """{"\ud800":1}""",
    ];

    [Theory]
    [MemberData(nameof(Bad))]
    public void R43_body_that_is_not_one_object_of_sound_text_is_refused(string json)
    {
        Assert.Null(JsonIndex.Read(Encoding.UTF8.GetBytes(json), out var error));
        Assert.Equal(ErrorCause.InvalidRequest, error!.Cause);
    }

    [Fact]
    public void R43_invalid_utf8_is_refused_in_strings_that_nobody_reads()
    {
        byte[] json = [.. "{\"a\":[\""u8, 0xC3, 0x28, .. "\"]}"u8];

        Assert.Null(JsonIndex.Read(json, out var error));
        Assert.Contains("UTF-8", error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void R43_depth_is_limited_to_64(int depth, bool isTaken)
    {
        var json = "{\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";

        using var index = JsonIndex.Read(Encoding.UTF8.GetBytes(json), out var error);

        Assert.Equal(isTaken, error is null);
    }

    [Fact]
    public void R43_odd_but_legal_bodies_are_taken()
    {
        const string Json = """ { "n" : 1e400, "t":"\ud83d\ude00 \\ud800", "":0, "x":-0, "model":"m" } """;

        using var index = JsonIndex.Read(Encoding.UTF8.GetBytes(Json), out var error);

        Assert.Null(error);
        Assert.Equal("1e400", Encoding.UTF8.GetString(index!.ValueOf(index.Find("n"u8))));
        Assert.Equal("\"m\"", Encoding.UTF8.GetString(index.ValueOf(index.Find("model"u8))));
    }
}
