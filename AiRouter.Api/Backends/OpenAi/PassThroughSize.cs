using System.Buffers.Text;
using AiRouter.Api.Admission;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Routing;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>
/// What a request that passes through may come to, as the backend will get it (R32): input counted exactly where the model's
/// tokenizer can, else bounded; the token limits that are sent, times the choices that are made. What nobody can bound is refused.
/// </summary>
internal static class PassThroughSize
{
    // Far above every limit, far below what a sum could exceed.
    private const long Most = 1L << 52;
    private const int MostDigits = 16;

    // What some servers obey beside, or before, OpenAI's names (llama.cpp; servers that pass members on to transformers).
    private static readonly string[] OtherTokenLimits = ["n_predict", "max_new_tokens", "max_completion_tokens"];

    /// <summary>Measures it, for limits that need it. Sets <see cref="Exchange.TokenLimit"/>.</summary>
    public static async ValueTask<(RequestSize Size, ApiError? Error)> MeasureAsync(
        Exchange exchange, TargetModel target, bool needsSize, CancellationToken cancellationToken)
    {
        var figures = exchange.State.Model.Config.Limits;
        if (exchange.Body is not JsonBody body)
        {
            return (await OfFormAsync(exchange, figures, cancellationToken), null);
        }

        var generates = exchange.Operation.Name is Operations.Chat or Operations.Completions or Operations.Responses;
        if (!needsSize)
        {
            return (new RequestSize(0, 0, generates ? exchange.Facts.N : 1), null);
        }

        return generates
            ? OfText(exchange, target, body.Index, figures)
            : (OfOther(exchange, body.Index, figures), null);
    }

    private static (RequestSize Size, ApiError? Error) OfText(
        Exchange exchange, TargetModel target, JsonIndex index, GlobalLimitsConfig figures)
    {
        if (exchange.Operation.CountsOnly)
        {
            return (new RequestSize(0, 0, 1), null);
        }

        var changes = RequestEdits.Rules(exchange, target, index);
        var (choices, slots) = Choices(exchange, index, changes);
        var input = Input(exchange, index, figures, out var error);
        var limit = error is null ? TokenLimit(exchange, target, changes, out error) : 0;
        if (error is null && changes.ValueOf("background") is { } background && background.Span.SequenceEqual("true"u8))
        {
            error = Uncountable(exchange, "background", "its answer is made when the request has ended");
        }

        return (new RequestSize(input, Multiply(limit, choices), slots), error);
    }

    /// <summary>Every sequence that a backend generates, and those of them that are asked for at the same time (R13).</summary>
    private static (long Choices, int Slots) Choices(Exchange exchange, JsonIndex index, MemberChanges changes)
    {
        if (exchange.Operation.Name == Operations.Responses)
        {
            return (1, 1);
        }

        var n = Math.Max(1, Whole(changes.ValueOf("n")) ?? 1);
        var prompts = exchange.Operation.Name == Operations.Completions ? InputBound.CountTexts(index, "prompt"u8) : 1;

        // The best of so many are made, and paid for; so are the beams of a search.
        var made = Math.Max(n, Whole(changes.ValueOf("best_of")) ?? 1);
        return (Multiply(made, prompts), (int)Math.Min(int.MaxValue, n));
    }

    private static long Input(Exchange exchange, JsonIndex index, GlobalLimitsConfig figures, out ApiError? error)
    {
        error = null;
        if (exchange.Input?.Total is { } counted)
        {
            return counted;
        }

        var isCompletion = exchange.Operation.Name == Operations.Completions;
        var (tokens, elsewhere) = Bound(exchange, index, figures);
        var most = MostInput(exchange) * (isCompletion ? InputBound.CountTexts(index, "prompt"u8) : 1);
        if (elsewhere is not null && most is null)
        {
            error = Uncountable(exchange, elsewhere, "what it brings in is not in the request");
        }

        return elsewhere is null ? Math.Min(tokens, most ?? long.MaxValue) : most ?? 0;
    }

    private static (long Tokens, string? Elsewhere) Bound(Exchange exchange, JsonIndex index, GlobalLimitsConfig figures)
    {
        if (exchange.Operation.Dialect == StreamDialect.Messages)
        {
            return MessagesBound.Of(index, figures);
        }

        var bound = exchange.Operation.Name == Operations.Completions
            ? InputBound.OfTexts(index, "prompt"u8, figures)
            : InputBound.OfConversation(index, figures);
        return (bound.Tokens, bound.Elsewhere);
    }

    /// <summary>The most tokens that any of the limits allows that the backend is sent, or the one that it will be sent (R9).</summary>
    private static long TokenLimit(Exchange exchange, TargetModel target, MemberChanges changes, out ApiError? error)
    {
        var names = RequestEdits.TokenLimits(exchange, target);
        var asked = MostAsked(changes, names, out error);
        var others = error is null ? MostAsked(changes, OtherTokenLimits, out error) : null;
        if (error is not null)
        {
            return 0;
        }

        var model = exchange.Model!.Model.Config;
        if (names.Count == 0)
        {
            // Nothing would limit the answer but the model itself.
            error = UnlimitedAnswer.Bound(exchange, out var bound);
            return bound;
        }

        if (asked is null)
        {
            var standard = exchange.State.Server.DefaultMaxTokens;
            exchange.TokenLimit = ContextLimits.Default(model, RequestEdits.LongestInput(exchange))
                ?? Math.Min(standard, model.MaxTokens.Max ?? standard);
        }

        return Math.Max(asked ?? exchange.TokenLimit!.Value, others ?? 0);
    }

    /// <summary>The largest of these members; null: none of them is there.</summary>
    private static long? MostAsked(MemberChanges changes, IReadOnlyList<string> names, out ApiError? error)
    {
        error = null;
        long? most = null;
        for (var i = 0; i < names.Count; i++)
        {
            var name = names[i];
            if (changes.ValueOf(name) is not { } value)
            {
                continue;
            }

            if (Whole(value) is not (>= 1 and var asked))
            {
                error = new ApiError(
                    ErrorCause.InvalidRequest, $"Invalid '{name}': expected an integer of at least 1.", name);
                return null;
            }

            most = Math.Max(most ?? 0, asked);
        }

        return most;
    }

    /// <summary>What generates no text: the input, and images and audio by their figures.</summary>
    private static RequestSize OfOther(Exchange exchange, JsonIndex index, GlobalLimitsConfig figures)
    {
        switch (exchange.Operation.Name)
        {
            case Operations.Embeddings:
                var inputs = InputBound.CountTexts(index, "input"u8);
                var counted = exchange.Input?.Total ?? OfEmbedded(index, figures).Tokens;
                return new RequestSize(Math.Min(counted, MostInput(exchange) * inputs ?? long.MaxValue), 0, 1);
            case Operations.Rerank or Operations.Score:
                return new RequestSize(InputBound.OfPairs(index, figures).Tokens, 0, 1);
            case Operations.Images:
                var shown = (long)Occurrences(index, "\"image_url\""u8) + Occurrences(index, "\"file_id\""u8);
                return new RequestSize(
                    index.Find("prompt"u8).ValueLength + (shown * figures.ImageTokens),
                    Multiply(figures.ImageTokens, Math.Max(1, exchange.Facts.N)), 1);
            case Operations.Speech:
                return new RequestSize(index.Json.Length, figures.AudioTokens, 1);
            default:
                return new RequestSize(InputBound.OfConversation(index, figures).Tokens, 0, 1);
        }
    }

    /// <summary>Some servers make embeddings of a conversation too.</summary>
    private static InputBound OfEmbedded(JsonIndex index, GlobalLimitsConfig figures) => index.Find("messages"u8).IsNull
        ? InputBound.OfTexts(index, "input"u8, figures)
        : InputBound.OfConversation(index, figures);

    /// <summary>Uploads: fields are text, files images or audio.</summary>
    private static async ValueTask<RequestSize> OfFormAsync(
        Exchange exchange, GlobalLimitsConfig figures, CancellationToken cancellationToken)
    {
        if (exchange.Body is not UploadBody form)
        {
            return new RequestSize(0, 0, 1);
        }

        var figure = exchange.Operation.Name == Operations.Images ? figures.ImageTokens : figures.AudioTokens;
        var fields = form.Parts.Where(p => !p.IsFile).Sum(p => p.ValueLength);
        var files = form.Parts.Count(p => p.IsFile);
        var made = 1L;
        if (exchange.Operation.Name == Operations.Images && form.Find("n") is { ValueLength: > 0 and <= MostDigits } n)
        {
            var digits = new byte[n.ValueLength];
            await form.Bytes.ReadAtAsync(n.ValueStart, digits, cancellationToken);
            made = Math.Max(1, Whole(digits) ?? 1);
        }

        return new RequestSize(fields + ((long)files * figure), Multiply(figure, made), 1);
    }

    /// <summary>The most tokens of one prompt that the model takes; null: the configuration does not say.</summary>
    private static long? MostInput(Exchange exchange) =>
        exchange.Model!.Model.Config is var model ? model.MaxInputTokens ?? model.ContextLength : null;

    private static ApiError Uncountable(Exchange exchange, string name, string why) => new(
        ErrorCause.UnsupportedParameter,
        $"Unsupported parameter: '{name}' cannot be used with the model '{exchange.PublicName}' under a token limit or a budget: {why}, " +
        "so its tokens cannot be counted in advance.",
        name);

    private static int Occurrences(JsonIndex index, ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (var rest = index.Json.Span; rest.IndexOf(text) is >= 0 and var at; rest = rest[(at + text.Length)..])
        {
            count++;
        }

        return count;
    }

    /// <summary>A whole number, or null.</summary>
    private static long? Whole(ReadOnlyMemory<byte>? json) =>
        json is { } text && Utf8Parser.TryParse(text.Span, out long number, out var read) && read == text.Length ? number : null;

    private static long Multiply(long one, long times) =>
        one > 0 && times > Most / one ? Most : one * times;
}
