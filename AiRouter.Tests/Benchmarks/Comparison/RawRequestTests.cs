using System.Text;
using System.Text.Json;
using AiRouter.Benchmarks.Load.Raw;
using AiRouter.Benchmarks.Upstreams.Raw;

namespace AiRouter.Tests.Benchmarks.Comparison;

/// <summary>What the load client sends is what the upstream understands, and has the sizes that the workloads
/// promise.</summary>
public sealed class RawRequestTests
{
    [Fact]
    public void Chat_and_its_answer_have_the_sizes_of_the_workload()
    {
        Assert.InRange(Body(RawRequest.Chat("k", "chat")).Length, 290, 310);
        Assert.InRange(RawAnswers.Chat.Length - RawAnswers.Chat.AsSpan().IndexOf("\r\n\r\n"u8) - 4, 400, 420);
        Assert.InRange(RawAnswers.Event.Length, 170, 200);
        Assert.Equal(65_536, Body(RawRequest.Chat("k", "chat", 65_536)).Length);
    }

    [Fact]
    public void All_bodies_are_JSON()
    {
        RawRequest[] requests =
        [
            RawRequest.Chat("k", "chat"), RawRequest.Chat("k", "chat", 2000), RawRequest.Stream("k", "chat", 200, TimeSpan.Zero),
            RawRequest.Triton("k", "chat", 200, 20), RawRequest.Embeddings("k", 32, "base64"),
        ];

        foreach (var request in requests)
        {
            using var body = JsonDocument.Parse(Body(request));
            Assert.NotEqual("", body.RootElement.GetProperty("model").GetString());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(1_000_000)]
    public void Upstream_finds_what_is_asked_for_in_pieces_of_any_size(int size)
    {
        var request = RawRequest.Stream("k", "chat", 200, TimeSpan.FromMilliseconds(20));
        var intake = new RequestIntake();

        // A connection has one request after the other.
        for (var round = 0; round < 2; round++)
        {
            Assert.True(IsComplete(intake, request, size));
            Assert.Equal(new StreamDirective(200, 20_000_000, false), StreamDirective.Read(intake.Body));
            intake.Reset();
        }
    }

    [Fact]
    public void Upstream_takes_a_prompt_that_it_does_not_keep()
    {
        var intake = new RequestIntake();

        Assert.True(IsComplete(intake, RawRequest.Chat("k", "chat", 1 << 20), 65_536));
        Assert.Equal(default, StreamDirective.Read(intake.Body));
    }

    [Fact]
    public void Body_without_a_length_is_refused()
    {
        var intake = new RequestIntake();

        Assert.False(intake.Take("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"u8));
        Assert.True(intake.IsBroken);
    }

    [Fact]
    public void Answer_is_right_only_with_all_events_and_the_last_one()
    {
        var request = RawRequest.Stream("k", "chat", 2, TimeSpan.Zero);
        var events = new EventReader();

        events.Read("data: {}\n\ndata: {}\n\ndata: {}\n\n"u8, null, 0);
        Assert.False(request.IsAnsweredBy(events));
        events.Read("data: [DONE]\n\n"u8, null, 0);
        Assert.True(request.IsAnsweredBy(events));
        events.Read("data: {}\n\n"u8, null, 0);
        Assert.False(request.IsAnsweredBy(events));
    }

    private static bool IsComplete(RequestIntake intake, RawRequest request, int size)
    {
        var isComplete = false;
        for (var at = 0; at < request.Bytes.Length; at += size)
        {
            Assert.False(isComplete);
            isComplete = intake.Take(request.Bytes.AsSpan(at, Math.Min(size, request.Bytes.Length - at)));
        }

        return isComplete;
    }

    private static string Body(RawRequest request)
    {
        var text = Encoding.UTF8.GetString(request.Bytes);
        return text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }
}
