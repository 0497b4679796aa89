using System.Text;
using System.Text.Json;

namespace AiRouter.Benchmarks.Load;

/// <summary>Reads the lines of one event stream, and judges it: the right text, one finish, usage if asked, <c>[DONE]</c> and a clean end;
/// or the beginning of the right text, an error event, and an end that is broken and has no <c>[DONE]</c>.</summary>
internal sealed class StreamCheck(LoadRequest request)
{
    private readonly StringBuilder _text = new();
    private string? _fault;
    private string? _error;
    private string? _finish;
    private string? _id;
    private (int Input, int Output)? _usage;
    private bool _isDone;

    /// <summary>Events with text so far.</summary>
    public int Pieces { get; private set; }

    /// <summary>Takes the next line.</summary>
    public void Line(string line)
    {
        if (line.Length == 0 || line[0] == ':' || _fault is not null)
        {
            return;
        }

        if (!line.StartsWith("data:", StringComparison.Ordinal))
        {
            Fault(line.StartsWith("event:", StringComparison.Ordinal) ? null : "a line that is none of an event stream's");
            return;
        }

        if (_isDone || _error is not null)
        {
            Fault("something behind the end");
            return;
        }

        var data = line.AsSpan(5).TrimStart(' ');
        if (data is "[DONE]")
        {
            _isDone = true;
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(data.ToString());
            Event(json.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            Fault("an event that cannot be read: " + LoadClient.Describe(exception));
        }
    }

    /// <summary>The client went away.</summary>
    public LoadResult Left() => _fault is null && IsBeginning(request.Answer().Text)
        ? new LoadResult { Outcome = LoadOutcome.Left, Pieces = Pieces }
        : AnswerCheck.Wrong(_fault ?? "another text, before the client left");

    /// <summary>It has ended.</summary>
    /// <param name="isClean">Whether as HTTP says, or broken off.</param>
    public LoadResult End(bool isClean)
    {
        var (text, tokens, finish) = request.Answer();
        if (_error is not null)
        {
            _fault ??= isClean ? "a clean end behind an error event" : IsBeginning(text) ? null : "another text, before an error event";
            return _fault is null
                ? new LoadResult { Outcome = LoadOutcome.Cut, Reason = _error, Pieces = Pieces }
                : AnswerCheck.Wrong(_fault);
        }

        _fault ??= !isClean ? "broken off without an error event"
            : !_isDone ? "an end without [DONE]"
            : _text.ToString() != text ? $"the text of the stream is another one: {_text.Length} characters instead of {text.Length}"
            : _finish != finish ? $"the finish reason is {_finish ?? "missing"} instead of {finish}"
            : request.WantsUsage && _usage is null ? "no usage, although asked for"
            : !request.WantsUsage && _usage is not null ? "usage, although not asked for"
            : _usage is { } usage && usage != (request.PromptTokens, tokens)
                ? $"usage: {usage} instead of {(request.PromptTokens, tokens)}" : null;
        return _fault is null
            ? new LoadResult { Outcome = LoadOutcome.Answered, Pieces = Pieces, Usage = _usage }
            : AnswerCheck.Wrong(_fault);
    }

    private void Event(JsonElement chunk)
    {
        if (chunk.TryGetProperty("error", out var error))
        {
            _error = ErrorCheck.Fault(error) is { } fault ? Fault(fault) : error.GetProperty("code").GetString() ?? "no code";
            return;
        }

        var id = chunk.GetProperty("id").GetString();
        _id ??= id;
        Fault(id != _id ? "the id changes" : chunk.GetProperty("model").GetString() != request.Model ? "the model has another name" : null);
        if (chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            _usage = AnswerCheck.Usage(usage);
        }

        foreach (var choice in chunk.GetProperty("choices").EnumerateArray())
        {
            Fault(_finish is not null ? "a choice behind its finish" : null);
            var text = request.Operation == LoadOperation.Chat
                ? choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : null
                : choice.GetProperty("text").GetString();
            if (!string.IsNullOrEmpty(text))
            {
                Pieces++;
                _text.Append(text);
            }

            if (choice.TryGetProperty("finish_reason", out var finish) && finish.ValueKind == JsonValueKind.String)
            {
                _finish = finish.GetString();
            }
        }
    }

    private bool IsBeginning(string text) => text.StartsWith(_text.ToString(), StringComparison.Ordinal);

    private string? Fault(string? fault) => _fault ??= fault;
}
