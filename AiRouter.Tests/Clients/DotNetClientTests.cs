using System.ClientModel;
using System.ClientModel.Primitives;
using AiRouter.Tests.Backends.Triton.Transcriptions.Audio;
using AiRouter.TritonSimulator.Recording;
using OpenAI;
using OpenAI.Audio;
using OpenAI.Chat;

namespace AiRouter.Tests.Clients;

/// <summary>OpenAI's client for .NET, over Triton ("sim", "bge") and over an OpenAI-compatible backend ("relay").</summary>
public sealed class DotNetClientTests(ClientServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sim")]
    [InlineData("relay")]
    public async Task Chat(string model)
    {
        var chat = (await ClientAsync()).GetChatClient(model);

        var answer = (await chat.CompleteChatAsync([new UserChatMessage("[[say:Hello, world!]]")], cancellationToken: Token)).Value;

        Assert.Equal("Hello, world!", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(model, answer.Model);
        Assert.Equal(answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount);
    }

    [Theory]
    [InlineData("sim")]
    [InlineData("relay")]
    public async Task Chat_streamed_has_text_finish_reason_and_usage(string model)
    {
        var chat = (await ClientAsync()).GetChatClient(model);
        var text = "";
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;

        await foreach (var update in chat.CompleteChatStreamingAsync(
            [new UserChatMessage("[[say:Grüße, 世界 🎉 und mehr]]")], cancellationToken: Token))
        {
            text += string.Concat(update.ContentUpdate.Select(c => c.Text));
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        Assert.Equal("Grüße, 世界 🎉 und mehr", text);
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.True(usage?.OutputTokenCount > 0);
    }

    [Theory]
    [InlineData("sim")]
    [InlineData("relay")]
    public async Task Length_limit_is_told_as_finish_reason(string model)
    {
        var chat = (await ClientAsync()).GetChatClient(model);

        var answer = (await chat.CompleteChatAsync(
            [new UserChatMessage("[[tokens:40]]")], new ChatCompletionOptions { MaxOutputTokenCount = 5 }, Token)).Value;

        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
        Assert.Equal(5, answer.Usage.OutputTokenCount);
    }

    [Theory]
    [InlineData("sim")]
    [InlineData("relay")]
    public async Task Stop_string_ends_the_answer(string model)
    {
        var chat = (await ClientAsync()).GetChatClient(model);

        var answer = (await chat.CompleteChatAsync(
            [new UserChatMessage("[[say:one two three four]]")],
            new ChatCompletionOptions { StopSequences = { "three" } }, Token)).Value;

        Assert.Equal("one two ", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
    }

    [Theory]
    [InlineData("bge")]
    [InlineData("bge-relay")]
    public async Task Embeddings_keep_their_order(string model)
    {
        var embeddings = (await ClientAsync()).GetEmbeddingClient(model);

        var answer = (await embeddings.GenerateEmbeddingsAsync(["alpha", "beta", "alpha"], cancellationToken: Token)).Value;

        Assert.Equal([0, 1, 2], answer.Select(e => e.Index));
        Assert.Equal(answer[0].ToFloats().ToArray(), answer[2].ToFloats().ToArray());
        Assert.NotEqual(answer[0].ToFloats().ToArray(), answer[1].ToFloats().ToArray());
    }

    [Theory]
    [InlineData("whisper")]
    [InlineData("whisper-relay")]
    public async Task Speech_is_transcribed_and_translated(string model)
    {
        var audio = (await ClientAsync()).GetAudioClient(model);
        var sound = Waves.File(Waves.Sine(440, 2, 44_100), 44_100);

        var transcription = (await audio.TranscribeAudioAsync(
            new MemoryStream(sound), "speech.wav",
            new AudioTranscriptionOptions
            {
                Language = "de",
                ResponseFormat = AudioTranscriptionFormat.Verbose,
                TimestampGranularities = AudioTimestampGranularities.Segment,
            },
            Token)).Value;
        var translation = (await audio.TranslateAudioAsync(
            new MemoryStream(sound), "speech.wav", new AudioTranslationOptions { ResponseFormat = AudioTranslationFormat.Text },
            Token)).Value;

        Assert.EndsWith("440 Hz, as startoftranscript de transcribe notimestamps.", transcription.Text, StringComparison.Ordinal);
        Assert.Equal(("german", TimeSpan.FromSeconds(2)), (transcription.Language, transcription.Duration));
        Assert.Equal(transcription.Text, Assert.Single(transcription.Segments).Text);
        Assert.EndsWith("as startoftranscript en translate notimestamps.\n", translation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_are_listed()
    {
        var models = (await (await ClientAsync()).GetOpenAIModelClient().GetModelsAsync(Token)).Value;

        Assert.Equal(
            ["bge", "bge-relay", "relay", "sim", "team/model", "tools", "tools-relay", "whisper", "whisper-relay"],
            models.Select(m => m.Id));
    }

    [Fact]
    public async Task Unknown_model_is_a_404_with_its_message()
    {
        var chat = (await ClientAsync()).GetChatClient("nope");

        var error = await Assert.ThrowsAsync<ClientResultException>(
            () => chat.CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Token));

        Assert.Equal(404, error.Status);
        Assert.Contains("model_not_found", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sim")]
    [InlineData("relay")]
    public async Task R40_stream_that_breaks_is_noticed(string model)
    {
        // This client does not look into error events: only the connection's unclean end tells it that text is missing.
        var chat = (await ClientAsync()).GetChatClient(model);
        var text = "";

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var update in chat.CompleteChatStreamingAsync(
                [new UserChatMessage("[[tokens:20]] [[error-after:5]]")], cancellationToken: Token))
            {
                text += string.Concat(update.ContentUpdate.Select(c => c.Text));
            }
        });

        Assert.NotEmpty(text);
    }

    [Theory]
    [InlineData("sim", "ensemble")]
    [InlineData("relay", "ensemble")]
    public async Task Client_that_leaves_cancels_the_generation(string model, string atTriton)
    {
        var triton = await servers.TritonAsync();
        var mark = Guid.NewGuid().ToString("N");
        var chat = (await ClientAsync()).GetChatClient(model);

        await foreach (var _ in chat.CompleteChatStreamingAsync(
            [new UserChatMessage($"{mark} [[tokens:2000]] [[delay:5]]")],
            new ChatCompletionOptions { MaxOutputTokenCount = 2000 }, Token))
        {
            break;
        }

        var request = await triton.WaitForRequestAsync(
            r => r.ModelName == atTriton && r.Input("text_input")!.Values[0].ToString()!.Contains(mark, StringComparison.Ordinal),
            cancellationToken: Token);
        await request.Ended.WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.Equal(RequestOutcome.Cancelled, request.Outcome);
        Assert.True(request.Tokens < 1000, $"{request.Tokens} tokens were made for a client that had gone");
    }

    private async Task<OpenAIClient> ClientAsync() => new(
        new ApiKeyCredential("sk-test"),
        new OpenAIClientOptions
        {
            Endpoint = await servers.UrlAsync(),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = TimeSpan.FromSeconds(30),
        });
}
