using System.Buffers;
using System.IO.Compression;
using System.Text;
using AiRouter.Api.Backends.Anthropic;
using AiRouter.Api.Backends.Anthropic.Answers;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Backends.Anthropic;

/// <summary>The connections that translate: what passes them untouched, and what they do with bytes of any cut.</summary>
public sealed class MessagesUpstreamTests
{
    [Theory]
    [InlineData("/messages")]
    [InlineData("/messages/count_tokens")]
    public async Task The_APIs_own_requests_pass_untouched(string path)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"own":1}""");
        var config = new BackendConfig { Kind = BackendKind.Anthropic, Url = upstream.Url };
        var model = new BackendModel("b", config, default, []);
        using var connections = new MessagesUpstream(
            new SocketUpstream(new SocketSettings(config, TimeProvider.System)), config, new AnthropicHeaders([]),
            new AnswerMemory(new BodyBudget(), () => 1024), TimeProvider.System);
        var request = new UpstreamRequest("POST", new UpstreamAddress(BackendUrl.For(config, path)), new OwnHeaders(model))
        {
            Content = new MessagesContent("""{"messages":[]}"""u8.ToArray()),
        };
        request.Add("Authorization", "Bearer sk-oauth");
        request.Add("anthropic-beta", "x");

        using var response = await connections.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("""{"own":1}""", await ReadAsync(response.Body, 64));
        Assert.Equal("/v1" + path, upstream.Request.Target);
        Assert.Equal("""{"messages":[]}""", upstream.Request.Text);
        Assert.Equal("Bearer sk-oauth", upstream.Request.Header("Authorization"));
        Assert.Equal("x", upstream.Request.Header("anthropic-beta"));
    }

    [Fact]
    public async Task Request_that_cannot_be_translated_is_never_sent()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        var config = new BackendConfig { Kind = BackendKind.Anthropic, Url = upstream.Url };
        using var connections = new MessagesUpstream(
            new SocketUpstream(new SocketSettings(config, TimeProvider.System)), config, new AnthropicHeaders([]),
            new AnswerMemory(new BodyBudget(), () => 1024), TimeProvider.System);
        var request = new UpstreamRequest(
            "POST", new UpstreamAddress(BackendUrl.For(config, "/chat/completions")), new OwnHeaders(new BackendModel("b", config, default, [])))
        {
            Content = new MessagesContent("""{"messages":5}"""u8.ToArray()),
        };

        using var response = await connections.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(400, response.Status);
        Assert.Contains("Missing required parameter: 'messages'.", await ReadAsync(response.Body, 64), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(1000, 11)]
    public async Task Stream_reads_the_same_however_it_is_cut(int sent, int asked)
    {
        var events = (": hello\n\n" + Message.Start + Message.Ping + Message.Text(0, "Hel", "lo") + Message.Delta("end_turn") + Message.Stop + "nonsense\n\n")
            .Replace("\n", "\r\n", StringComparison.Ordinal);

        var whole = await ReadAsync(new MessagesEvents(new MemoryStream(Encoding.UTF8.GetBytes(events)), new ChunkTranslation(1)), 4096);
        var cut = await ReadAsync(new MessagesEvents(new CutStream(Encoding.UTF8.GetBytes(events), sent), new ChunkTranslation(1)), asked);

        Assert.EndsWith("data: [DONE]\n\n", whole, StringComparison.Ordinal);
        Assert.Equal(whole, cut.Replace(":\n\n", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Encoded_answer_is_decoded(string encoding)
    {
        using var bytes = new MemoryStream();
        using (Stream encoder = encoding == "gzip"
            ? new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true)
            : new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            encoder.Write(Encoding.UTF8.GetBytes(Message.Whole));
        }

        await using var upstream = await ScriptedUpstream.StartAsync(
            call => call.BytesAsync("application/json", bytes.ToArray(), 200, ("Content-Encoding", encoding)));
        await using var router = await RunningRouter.StartAsync(upstream, b => b with { Kind = BackendKind.Anthropic });

        var answer = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", """{"model":"public-model","messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(200, answer.Status);
        Assert.Contains("\"content\":\"Hello\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R31_whole_answer_comes_out_of_the_budget_and_goes_back()
    {
        var budget = new BodyBudget();
        var bytes = Encoding.UTF8.GetBytes(Message.Whole);
        var body = new MessageBody(new MemoryStream(bytes), 1, new AnswerMemory(budget, () => 1024 * 1024));

        var read = await body.ReadAsync(new byte[10], TestContext.Current.CancellationToken);

        Assert.Equal(10, read);
        Assert.InRange(budget.Used, 1, 4096);
        await body.DisposeAsync();
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task R31_answer_that_the_budget_has_no_room_for_is_refused()
    {
        var budget = new BodyBudget();
        var body = new MessageBody(new MemoryStream(new byte[100_000]), 1, new AnswerMemory(budget, () => 50_000));

        await Assert.ThrowsAsync<OutOfBuffersException>(async () =>
            await body.ReadExactlyAsync(new byte[10], TestContext.Current.CancellationToken));

        await body.DisposeAsync();
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task R31_client_is_told_that_there_is_no_memory()
    {
        var large = Message.Whole.Replace("Hello", new string('x', 2_500_000), StringComparison.Ordinal);
        await using var upstream = await ScriptedUpstream.StartAsync(large);
        await using var router = await RunningRouter.StartAsync(
            upstream, b => b with { Kind = BackendKind.Anthropic },
            config: c => c with { Server = c.Server with { MaxBodyMiB = 1, MaxBufferedMiB = 2 } });

        var answer = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", """{"model":"public-model","messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(503, answer.Status);
        await Eventually.HoldsAsync(() => router.Services.GetRequiredService<BodyBudget>().Used == 0);
    }

    private static async Task<string> ReadAsync(Stream stream, int size)
    {
        var read = new ArrayBufferWriter<byte>();
        var buffer = new byte[size];
        while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var count)
        {
            read.Write(buffer.AsSpan(0, count));
        }

        return Encoding.UTF8.GetString(read.WrittenSpan);
    }

    private sealed class CutStream(byte[] bytes, int most) : ReadOnlyStream
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(Math.Min(most, buffer.Length), bytes.Length - _at);
            bytes.AsSpan(_at, count).CopyTo(buffer.Span);
            _at += count;
            return ValueTask.FromResult(count);
        }
    }
}
