using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Unicode;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Routing;
using AiRouter.ServiceDefaults;

namespace AiRouter.Api.Telemetry;

/// <summary>
/// The values of one line of the access log: as text for the console, as named values for JSON and OTLP. What is not known is <c>-</c>
/// in the text and left out of the values; a generated message could write neither.
/// </summary>
internal sealed class AccessLine : IReadOnlyList<KeyValuePair<string, object?>>, ILineText
{
    private readonly IPAddress? _remote;
    private readonly string _method;
    private readonly string _path;
    private readonly int _status;
    private readonly double _milliseconds;
    private readonly string _id;
    private readonly string? _cause;
    private readonly Exchange? _exchange;
    private readonly double? _firstToken;
    private readonly long _received;
    private readonly long _sent;
    private List<KeyValuePair<string, object?>>? _values;

    /// <summary>Takes them from a request that has ended.</summary>
    /// <param name="http">The request.</param>
    /// <param name="entry">What was noted of it.</param>
    /// <param name="trustedProxies">Whose word on the client's address counts.</param>
    /// <param name="time">Says when it ended.</param>
    /// <param name="started">When it began, by the clock's timestamps.</param>
    /// <param name="sent">The bytes of the answer's body.</param>
    public AccessLine(
        HttpContext http, AccessEntry entry, IReadOnlyList<string> trustedProxies, TimeProvider time, long started, long sent)
    {
        _remote = ClientAddress.Of(http, trustedProxies);
        _method = http.Request.Method;
        _path = VisiblePath.Of(http.Request);
        _status = entry.Error?.EffectiveStatus ?? http.Response.StatusCode;
        _milliseconds = time.GetElapsedTime(started).TotalMilliseconds;
        _id = RequestIds.Of(http);
        _cause = entry.Error?.Cause.ToString();
        _exchange = entry.Exchange;
        _firstToken = _exchange?.Events?.FirstDataAt is { } first ? time.GetElapsedTime(started, first).TotalMilliseconds : null;
        _received = entry.Received;
        _sent = sent;
    }

    /// <inheritdoc/>
    public int Count => Values.Count;

    private List<KeyValuePair<string, object?>> Values => _values ??= Describe();

    /// <inheritdoc/>
    public KeyValuePair<string, object?> this[int index] => Values[index];

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Values.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool TryWrite(Span<byte> text, out int length) => Utf8.TryWrite(
        text,
        CultureInfo.InvariantCulture,
        $"{_remote} {_method} {_path} {_status} {new Tenths(_milliseconds)} ms id={_id} key={_exchange?.Client?.Name ?? "-"} model={Model ?? "-"} " +
        $"cause={_cause ?? "-"} backend={_exchange?.Backend ?? "-"} attempts={_exchange?.Attempts ?? 0} in={Usage.Input} out={Usage.Output} " +
        $"ttft={new Tenths(_firstToken)} queue={new Tenths(Queue)} upstream={new Tenths(Upstream)} " +
        $"received={_received} sent={_sent} admin={Admin ?? "-"}",
        out length);

    /// <inheritdoc/>
    public override string ToString()
    {
        for (var size = 1024; ; size *= 2)
        {
            var text = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                if (TryWrite(text, out var length))
                {
                    return Encoding.UTF8.GetString(text, 0, length);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(text);
            }
        }
    }

    private TokenUsage Usage => _exchange?.Usage ?? default;

    private string? Model => _exchange?.Model is { } model ? ModelRouter.Visible(model.Name) : null;

    private string? Admin => _exchange?.Admin is { } admin ? ModelRouter.Visible(admin) : null;

    private double? Queue => _exchange?.QueueTime is { Ticks: > 0 } wait ? wait.TotalMilliseconds : null;

    private double? Upstream => _exchange?.BackendTime is { Ticks: > 0 } work ? work.TotalMilliseconds : null;


    private List<KeyValuePair<string, object?>> Describe()
    {
        var values = new List<KeyValuePair<string, object?>>(20);
        Add("remote", _remote?.ToString());
        Add("method", _method);
        Add("path", _path);
        Add("status", _status);
        Add("duration_ms", Rounded(_milliseconds));
        Add("request_id", _id);
        Add("key", _exchange?.Client?.Name);
        Add("model", Model);
        Add("cause", _cause);
        Add("backend", _exchange?.Backend);
        if (_exchange?.Attempts is > 0 and var attempts)
        {
            Add("attempts", attempts);
        }

        if (Usage.IsKnown)
        {
            Add("input_tokens", Usage.Input);
            Add("output_tokens", Usage.Output);
        }

        Add("ttft_ms", Rounded(_firstToken));
        Add("queue_ms", Rounded(Queue));
        Add("upstream_ms", Rounded(Upstream));
        Add("request_bytes", _received);
        Add("response_bytes", _sent);
        Add("admin", Admin);
        return values;

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                values.Add(new(name, value));
            }
        }
    }

    private static double? Rounded(double? milliseconds) => milliseconds is { } value ? Math.Round(value, 1) : null;
}
